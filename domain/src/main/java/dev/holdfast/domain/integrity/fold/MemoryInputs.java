package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputReads;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.WorkQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fold over the changes of inputs. */
abstract class MemoryInputs extends MemoryQueue implements InputReads {
  private static final int PAGE = 64;

  private final OpenWork<InputId, Open> open = new OpenWork<>(Open::id, Open::session, Open::enqueueSeq);
  private final Series<Input> ofSessions;

  /** An input that hasn't ended, without its content. */
  private record Open(InputId id, WorkerId session, long enqueueSeq, InputKind kind, InputState state) {
    static Open of(Input input) {
      return new Open(input.id(), input.session(), input.enqueueSeq(), input.kind(), input.state());
    }

    Open in(InputState next) {
      return new Open(id, session, enqueueSeq, kind, next);
    }
  }

  MemoryInputs(Archive archive) {
    super(archive);
    this.ofSessions = new Series<>(archive, Table.INPUT_OF_SESSION, MemoryInputs::accepted);
  }

  private static Input accepted(Change change) {
    return ((InputChange.Accepted) change).input();
  }

  final void apply(InputChange change) {
    switch (change) {
      case InputChange.Accepted(Input input) -> {
        archive.keep(RowKey.of(Table.INPUT, input.id().number()), change);
        ofSessions.add(input.session().number(), change);
        append(input.entry(), change);
        if (input.sourceKey() != null) {
          archive.keep(RowKey.of(Table.INPUT_BY_KEY, input.session().number(), input.sourceKey()), change);
        }
        put(Open.of(input), change);
      }
      case InputChange.Moved(InputId id, _, InputState state) ->
        look(id).ifPresent(known -> put(known.in(state), change));
      case InputChange.PendingCancelled(WorkerId session) -> open.all(session).stream()
          .filter(input -> input.state().isPending()).forEach(input -> cancel(input, change));
    }
  }

  @Override
  void lengths(List<Image.Lengths> all) {
    super.lengths(all);
    all.add(ofSessions.lengths());
  }

  @Override
  void restore(List<Image.Lengths> all) {
    super.restore(all);
    ofSessions.restore(all);
  }

  @Override
  void image(List<Change> rows) {
    super.image(rows);
    // In the order of their units, so that who restores them reads the history from front to back.
    open.all(null).stream().sorted(Comparator.comparingLong(input -> input.id().number()))
        .forEach(input -> rows.add(new InputChange.Moved(input.id(), input.session(), input.state())));
  }

  private void cancel(Open input, Change change) {
    put(input.in(new InputState.Cancelled()), change);
    WorkQueue queue = workQueue(input.session());
    put(queue.plusPending(-queue.pendingInputs()));
  }

  /** What is open is at hand; of what has ended, and never moves but for a fault, the row is read. */
  private Optional<Open> look(InputId id) {
    return Optional.ofNullable(open.get(id)).or(() -> input(id).map(Open::of));
  }

  private void put(Open input, Change change) {
    if (isEnded(input.state())) {
      archive.keep(RowKey.of(Table.INPUT_STATE, input.id().number()), change);
      open.remove(input);
    } else {
      open.put(input);
    }
    workChanged(input.session());
  }

  private static boolean isEnded(InputState state) {
    return state instanceof InputState.Completed || state instanceof InputState.Cancelled;
  }

  private Stream<Open> pending(WorkerId session) {
    return open.of(session).filter(input -> input.state().isPending());
  }

  final boolean hasPending(WorkerId session) {
    return pending(session).findFirst().isPresent();
  }

  private Input present(Open input) {
    return input(input.id()).orElseThrow();
  }

  @Override
  public final Optional<Input> input(InputId id) {
    Open found = open.get(id);
    Change accepted = archive.find(RowKey.of(Table.INPUT, id.number()));
    if (accepted == null) {
      return Optional.empty();
    }
    Input input = accepted(accepted);
    return Optional.of(input.in(found == null ? ended(input) : found.state()));
  }

  private InputState ended(Input input) {
    Change change = archive.find(RowKey.of(Table.INPUT_STATE, input.id().number()));
    return switch (change) {
      case null -> input.state();
      case InputChange.Moved(_, _, InputState state) -> state;
      case InputChange.Accepted(Input endedBefore) -> endedBefore.state();
      default -> new InputState.Cancelled();
    };
  }

  @Override
  public final Optional<Input> inputBySourceKey(WorkerId session, String sourceKey) {
    return Optional.ofNullable(archive.find(RowKey.of(Table.INPUT_BY_KEY, session.number(), sourceKey)))
        .flatMap(change -> input(accepted(change).id()));
  }

  @Override
  public final boolean hasPendingUserInput(WorkerId session) {
    return open.of(session)
        .anyMatch(input -> input.kind() == InputKind.USER && input.state() instanceof InputState.Deferred);
  }

  @Override
  public final List<Input> pendingInputs(WorkerId session, int limit) {
    return pending(session).limit(limit).map(this::present).toList();
  }

  @Override
  public final List<Input> nextTurnInputs(WorkerId session, int limit) {
    return open.of(session).filter(input -> input.state() instanceof InputState.Deferred).limit(limit)
        .map(this::present).toList();
  }

  @Override
  public final List<Input> activeInputs(WorkerId session, TurnId turn, Boundary checkpoint, int limit) {
    return open.of(session).filter(input -> input.state() instanceof InputState.Pending(TurnId waitsFor, Boundary from)
        && waitsFor.equals(turn) && from.admitsAt(checkpoint)).limit(limit).map(this::present).toList();
  }

  @Override
  public final List<Input> heldInputs(WorkerId session) {
    return open.of(session)
        .filter(input -> input.state() instanceof InputState.Claimed || input.state() instanceof InputState.Accepted)
        .map(this::present).toList();
  }

  @Override
  public final List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state) {
    List<Input> found = new ArrayList<>();
    long number = ofSessions.first(session.number(), input -> input.enqueueSeq() <= after);
    long last = ofSessions.length(session.number());
    for (; number <= last && found.size() < limit; number += PAGE) {
      ofSessions.page(session.number(), number, PAGE).stream().map(input -> input(input.id()).orElseThrow())
          .filter(input -> state == null || input.state().text().equals(state))
          .limit((long) limit - found.size()).forEach(found::add);
    }
    return found;
  }
}
