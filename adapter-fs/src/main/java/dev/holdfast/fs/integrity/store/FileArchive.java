package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.fold.Archive;
import dev.holdfast.domain.integrity.fold.RowKey;
import dev.holdfast.fs.integrity.index.RowIndex;
import dev.holdfast.fs.integrity.journal.Journal;
import dev.holdfast.fs.integrity.journal.Lost;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * History on disk: of each row it keeps where the change is that wrote it, as the position of its unit in the journal and its
 * number in that unit.
 */
final class FileArchive implements Archive {
  private static final int NUMBER_BITS = 16;
  /** Units that were read lately; what follows one another in a page often is in one unit, and one row has several keys. */
  private static final int READ_LATELY = 256;
  /** Longer ones are read again each time, so that what is held is bounded. */
  private static final int SHORT = 1 << 16;

  private final Journal journal;
  private final RowIndex index;
  /** Of the group under way. */
  private final Map<Long, List<Change>> unwritten = new HashMap<>();
  private final Map<Long, ReadUnit> read = new LinkedHashMap<>(READ_LATELY, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, ReadUnit> eldest) {
      return size() > READ_LATELY;
    }
  };
  private final RowsReadLately lately = new RowsReadLately();
  private List<Change> unit = List.of();
  private long position;
  private int number;
  private volatile @Nullable Lost met;
  private volatile boolean metBrokenIndex;

  /** @param bytes that it takes in the journal */
  private record ReadUnit(List<Change> changes, int bytes) {}

  FileArchive(Journal journal, RowIndex index) {
    this.journal = journal;
    this.index = index;
  }

  /** The unit that is applied next. Its rows are read from these changes until {@link #written}. */
  void begin(long at, List<Change> changes) {
    if (changes.size() >= 1 << NUMBER_BITS) {
      throw new IllegalArgumentException("a unit of work of " + changes.size() + " changes");
    }
    replay(at, changes);
    unwritten.put(at, changes);
  }

  /** The same for a unit that is in the journal. */
  void replay(long at, List<Change> changes) {
    unit = changes;
    position = at;
    number = 0;
  }

  /** The group is on disk. */
  void written() {
    unwritten.clear();
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public void keep(RowKey key, Change change) {
    // Changes are applied in the order of their unit, and each may be kept under several keys. It is this very one.
    while (unit.get(number) != change) {
      number++;
    }
    lately.forget(key);
    index.put(key, position << NUMBER_BITS | number);
  }

  @Override
  public @Nullable Change find(RowKey key) {
    Change known = lately.get(key);
    if (known != null) {
      return known;
    }
    long place = place(key);
    if (place == 0) {
      return null;
    }
    int wanted = (int) (place & ((1 << NUMBER_BITS) - 1));
    List<Change> fresh = unwritten.get(place >>> NUMBER_BITS);
    if (fresh != null) {
      return fresh.get(wanted);
    }
    ReadUnit found = unit(place >>> NUMBER_BITS);
    Change change = found.changes().get(wanted);
    lately.put(key, change, found.bytes() / found.changes().size());
    return change;
  }

  private long place(RowKey key) {
    try {
      return index.get(key);
    } catch (StoreException e) {
      metBrokenIndex = true;
      throw e;
    }
  }

  boolean hasMetBrokenIndex() {
    return metBrokenIndex;
  }

  private ReadUnit unit(long at) {
    synchronized (read) {
      ReadUnit known = read.get(at);
      if (known != null) {
        return known;
      }
    }
    byte[] payload = payload(at);
    var found = new ReadUnit(Units.read(payload), payload.length);
    if (payload.length <= SHORT) {
      synchronized (read) {
        read.put(at, found);
      }
    }
    return found;
  }

  /** The damaged unit that a read met; null when none did. */
  @Nullable
  Lost met() {
    return met;
  }

  private byte[] payload(long at) {
    try {
      try {
        return journal.read(at);
      } catch (StoreException e) {
        met = journal.lostAt(at);
        throw e;
      }
    } catch (IOException e) {
      throw StoreException.io("the journal could not be read", e);
    }
  }
}
