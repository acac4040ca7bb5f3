package dev.holdfast.domain.integrity;

/**
 * The disk under a data directory with nothing between: what one durable record costs here at least. For measuring only;
 * used by one thread at a time. Opening makes a file of its own in the data directory.
 */
public interface DiskProbe extends AutoCloseable {

  /**
   * Appends one record to the file and waits until the record is on disk (fdatasync or its like). The file grows with
   * every call, as a log does.
   *
   * @param bytes at least 1
   * @throws StoreException when the record can't be made durable
   */
  void append(int bytes);

  /** Deletes the file. Idempotent; a later append throws. */
  @Override
  void close();
}
