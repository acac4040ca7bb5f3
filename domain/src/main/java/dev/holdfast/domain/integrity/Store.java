package dev.holdfast.domain.integrity;

import dev.holdfast.domain.Outcome;
import java.util.function.Function;

/**
 * The storage backend. The store runs the rule inside its unit of work: load, decide, write, one after the other, so a
 * rule never decides on a state that is no longer true and nothing is ever retried for having been too late.
 *
 * <p>Units of work are atomic and serial. Several may share one sync to disk, each staying a unit of its own: when a rule
 * refuses or throws, only its own unit is without effect.
 */
public interface Store extends AutoCloseable {

  /**
   * Runs the rule and makes its changes durable, all or none, in the order of the decision. Returns only after they are.
   * A decision without changes writes nothing. May be called from any number of threads; how many wait is bounded.
   *
   * @throws StoreException when the state can't be read or the changes can't be made durable: then nothing was changed,
   *     unless the reason is outcome_unknown. After store_poisoned every later write throws store_poisoned
   * @throws IllegalStateException when a rule calls it: a rule only looks, and its own unit would be behind this one
   * @throws RuntimeException what the rule threw, unchanged; nothing was changed
   */
  <T> Outcome<T> write(Rule<T> rule);

  /**
   * Runs a query on one consistent state that contains every unit of work answered before the call.
   *
   * @throws StoreException when the state can't be read
   */
  <T> T read(Function<? super State, T> query);

  /**
   * Gives the room of what was pruned back to the disk, as far as the backend has any to give. What the store holds stays as
   * it is, whenever it is stopped. It takes as long as a copy and everybody waits for it, so it is for a stopped node.
   *
   * @throws StoreException when it can't be done; the store is as before then
   */
  default void compact() {}

  /** The backend's name: memory, filesystem or sqlite. */
  String backend();

  /** Waits for the units of work under way; later calls throw. Idempotent. */
  @Override
  void close();
}
