package dev.holdfast.fs.integrity.journal;

import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The open segments of a journal, and what is read from them by its position. */
final class Segments implements AutoCloseable {
  /** By where they start. */
  private final TreeMap<Long, Segment> all = new TreeMap<>();
  private volatile Glimpse glimpse = Glimpse.NONE;

  void add(Segment segment) {
    all.put(segment.head().start(), segment);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  Segment first() {
    return all.firstEntry().getValue();
  }

  Segment last() {
    return all.lastEntry().getValue();
  }

  /** As they are now, in their order. */
  List<Segment> list() {
    return List.copyOf(all.values());
  }

  /**
   * The payload of the unit at that position.
   *
   * @throws StoreException store_corrupt when the bytes there are not what was written
   */
  byte[] read(long position) throws IOException {
    Map.Entry<Long, Segment> found = all.floorEntry(position);
    if (found == null) {
      throw Damage.unreadable(position);
    }
    int salt = found.getValue().head().salt();
    Glimpse before = glimpse;
    byte[] payload = before.payload(position, salt);
    if (payload == null) {
      Glimpse read = Glimpse.of(found.getValue(), position, before.roomFor(position));
      payload = read.payload(position, salt);
      if (read.isUsual()) {
        glimpse = read;
      }
    }
    if (payload == null) {
      throw Damage.unreadable(position);
    }
    return payload;
  }

  /** What is lost at that position; null where the unit is whole, or where not even a head is. */
  @Nullable
  Lost lostAt(long position) throws IOException {
    Map.Entry<Long, Segment> found = all.floorEntry(position);
    return found == null
        ? null
        : Glimpse.of(found.getValue(), position, Frame.HEAD).lost(found.getValue().head().salt());
  }

  /**
   * The names of the files, and how many of their bytes hold units.
   *
   * @param end of the last unit, as a position
   */
  SortedMap<String, Long> lengths(long end) throws IOException {
    SortedMap<String, Long> lengths = new TreeMap<>();
    for (Segment segment : all.values()) {
      lengths.put(segment.head().name(), Math.min(segment.file().size(), end - segment.head().start()));
    }
    return lengths;
  }

  @Override
  public void close() throws IOException {
    for (Segment segment : all.values()) {
      segment.file().close();
    }
  }
}
