package dev.holdfast.domain.integrity;

import dev.holdfast.domain.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Looks at a data directory from outside, beside a node that may hold it: nothing is opened for good, no start is counted, and
 * what is there stays as it is. Any answer may take as long as the disk does.
 */
public interface DirectoryInspection {

  /**
   * The id that was given to the folder when it was made.
   *
   * @throws StoreException store_missing, future_schema or store_corrupt where nothing says it
   */
  String id();

  /** As {@link DataDirectory#fresh}; false where there is no folder. */
  boolean isFresh();

  /** Whether a node could use the folder, as far as owner, permissions and its own files tell. */
  Standing standing();

  Holder holder();

  /** Of the file system that the folder is on, or would be made on. */
  Room room();

  /** When a node began on it last; empty when none ever did. */
  Optional<Instant> lastStart();

  /**
   * For a few records; the only thing that writes, and it leaves nothing.
   *
   * @throws StoreException when the folder isn't there or takes no file
   */
  DiskProbe diskProbe();

  /** What a node would say of the folder. */
  sealed interface Standing {
    /** It would be made. */
    record Absent() implements Standing {}

    record Usable() implements Standing {}

    record Refused(Reason reason, String note) implements Standing {}
  }

  /** Who holds the folder's lock. */
  sealed interface Holder {
    record Nobody() implements Holder {}

    /** @param description a process with its number and start, as far as they are known */
    record Running(String description) implements Holder {}

    /** Whoever held it was killed; the next start takes over. */
    record Gone(String description) implements Holder {}
  }

  record Room(long usableBytes, long totalBytes) {}
}
