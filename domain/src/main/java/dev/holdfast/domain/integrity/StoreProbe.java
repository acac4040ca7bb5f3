package dev.holdfast.domain.integrity;

/**
 * The backend's database engine with nothing of the product between: what a unit of work costs here at least. For
 * measuring only; used by one thread at a time. Opening makes a scratch database in the data directory, under the same
 * settings as the store's own.
 *
 * <p>Its unit of work is the reference unit: an event is inserted, a transcript entry with 200 bytes of content is
 * inserted, and the row of its worker (one of 1,000, by chance) is updated.
 */
public interface StoreProbe extends AutoCloseable {

  /**
   * One transaction of so many reference units, durable on return.
   *
   * @param units at least 1
   * @throws StoreException when it can't be made durable
   */
  void commit(int units);

  /** How many reference units are stored. */
  long units();

  /** Deletes the scratch database. Idempotent; a later commit throws. */
  @Override
  void close();
}
