package dev.holdfast.application.integrity;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of every use case to the store: a call's record in the audit becomes durable with its effect, and once it is, those
 * who wait for its news are woken.
 */
public final class UnitsOfWork {
  /** More records than can come between a call's effect and the answer that its outcome isn't known. */
  private static final int LOOKED_BACK = 1_000;

  private final Store store;
  private final NewsRoom news;
  private final NodeState node;
  private final AuditKey auditKey;
  private final InstantSource clock;
  private final List<Consumer<List<Change>>> told = new CopyOnWriteArrayList<>();

  public UnitsOfWork(Store store, NewsRoom news, NodeState node, AuditKey auditKey, InstantSource clock) {
    this.store = store;
    this.news = news;
    this.node = node;
    this.auditKey = auditKey;
    this.clock = clock;
  }

  /** Tells what became durable, on the thread that wrote it and before the one that asked for it goes on. */
  public void whenWritten(Consumer<List<Change>> listener) {
    told.add(listener);
  }

  /** As {@link Store#write}; a node whose store takes no more writes tells so from then on. For the node's own work. */
  public <T> Outcome<T> write(Rule<T> rule) {
    var noting = new Noting<>(rule);
    Outcome<T> outcome;
    try {
      outcome = store.write(noting);
    } catch (StoreException e) {
      node.note(e);
      throw e;
    }
    told.forEach(listener -> listener.accept(noting.changes));
    news.raiseWork(noting.workFor);
    news.raise(noting.changes);
    return outcome;
  }

  /**
   * As {@link #write(Rule)}, for a call of somebody's: its record is written whatever the rule answers.
   *
   * @param target names what was made or changed, never with what a caller wrote
   */
  public <T> Outcome<T> write(Audited call, Function<? super T, String> target, Rule<T> rule) {
    return audited(call, outcome -> switch (outcome) {
      case Outcome.Done<T>(T value) -> target.apply(value);
      case Outcome.Replayed<T>(T value) -> target.apply(value);
      case Outcome.Refused<T> _ -> null;
    }, rule);
  }

  /** As {@link #write(Audited, Function, Rule)}, for a call that names its target itself. */
  public <T> Outcome<T> write(Audited call, @Nullable String target, Rule<T> rule) {
    return audited(call, _ -> target, rule);
  }

  private <T> Outcome<T> audited(Audited call, Function<Outcome<T>, @Nullable String> target, Rule<T> rule) {
    if (!call.begin()) {
      throw new IllegalStateException("a call has one effect and one record");
    }
    boolean written = false;
    try {
      Outcome<T> outcome = write(state -> {
        Decision<T> decision = rule.decide(state);
        return with(decision, state, call.entry(decision.outcome(), target.apply(decision.outcome())));
      });
      written = true;
      return outcome;
    } finally {
      if (!written) {
        call.undone();
      }
    }
  }

  /** A record alone, for what came to no effect. */
  public void record(AuditEntry entry) {
    write(state -> isTold(state, entry) ? Decision.unchanged(true) : with(Decision.unchanged(true), state, entry))
        .orThrow();
  }

  /** A call that nobody could tell the outcome of may have come to its effect, and to its record with it. */
  private static boolean isTold(State state, AuditEntry entry) {
    if (entry.reason() != Reason.OUTCOME_UNKNOWN) {
      return false;
    }
    long from = Math.max(0, state.auditHead().seq() - LOOKED_BACK);
    return state.audit(from, LOOKED_BACK, null, null).stream()
        .anyMatch(told -> entry.caller().requestId().equals(told.member("request_id")));
  }

  private <T> Decision<T> with(Decision<T> decision, State state, AuditEntry entry) {
    List<Change> changes = new ArrayList<>(decision.changes());
    changes.add(new AccessChange.Audited(AuditRules.seal(auditKey, state.auditHead(), entry, clock.instant())));
    return new Decision<>(decision.outcome(), changes);
  }

  /** As {@link Store#read}. */
  public <T> T read(Function<? super State, T> query) {
    return store.read(query);
  }

  /** Remembers what was decided last: a store may ask a rule again when it has to repeat a group of units. */
  private static final class Noting<T> implements Rule<T> {
    private final Rule<T> rule;
    private volatile List<Change> changes = List.of();
    private volatile Set<String> workFor = Set.of();

    Noting(Rule<T> rule) {
      this.rule = rule;
    }

    @Override
    public Decision<T> decide(State state) {
      Decision<T> decision = rule.decide(state);
      changes = decision.changes();
      workFor = NewsRoom.workFor(state, changes);
      return decision;
    }
  }
}
