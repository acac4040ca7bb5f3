package dev.holdfast.application.integrity;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import java.util.List;
import java.util.function.Function;

/** The way of every use case to the store: once a unit of work is durable, those who wait for its news are woken. */
public final class UnitsOfWork {
  private final Store store;
  private final NewsRoom news;
  private final NodeState node;

  public UnitsOfWork(Store store, NewsRoom news, NodeState node) {
    this.store = store;
    this.news = news;
    this.node = node;
  }

  /** As {@link Store#write}; a node whose store takes no more writes tells so from then on. */
  public <T> Outcome<T> write(Rule<T> rule) {
    var noting = new Noting<>(rule);
    Outcome<T> outcome;
    try {
      outcome = store.write(noting);
    } catch (StoreException e) {
      node.note(e);
      throw e;
    }
    news.raise(noting.changes);
    return outcome;
  }

  /** As {@link Store#read}. */
  public <T> T read(Function<? super State, T> query) {
    return store.read(query);
  }

  /** Remembers what was decided last: a store may ask a rule again when it has to repeat a group of units. */
  private static final class Noting<T> implements Rule<T> {
    private final Rule<T> rule;
    private volatile List<Change> changes = List.of();

    Noting(Rule<T> rule) {
      this.rule = rule;
    }

    @Override
    public Decision<T> decide(State state) {
      Decision<T> decision = rule.decide(state);
      changes = decision.changes();
      return decision;
    }
  }
}
