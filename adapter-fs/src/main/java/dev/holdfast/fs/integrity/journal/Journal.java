package dev.holdfast.fs.integrity.journal;

import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SyncFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The frames of all units of work, in segment files of one folder. A position is the place of a frame among the bytes of all
 * segments that ever were; it stays the same for as long as the frame is there. Frames are appended by one thread at a
 * time; reading is for any thread, while nothing is appended.
 */
public final class Journal implements AutoCloseable {
  /** Room that is there before a group is decided, so that a full disk is mostly met before anything is changed. */
  private static final int MARGIN = 1 << 20;

  private final Disk disk;
  private final Settings settings;
  private final Segments segments = new Segments();
  /** The files of the history before the base. */
  private final List<String> replaced = new ArrayList<>();
  private long end;
  private long cleared;
  private long lastNumber;
  private int lastEpoch;

  /**
   * What a journal is opened with.
   *
   * @param directoryId of the data directory
   * @param epoch of this start
   * @param salt a number by chance for each segment that is made
   * @param segment bytes after which the next segment begins
   * @param ahead bytes that are made ready for writing at a time
   */
  public record Settings(String directoryId, int epoch, IntSupplier salt, int segment, int ahead) {}

  /** Who is told what an opened journal holds, in its order. */
  public interface Told {
    /** @param position by which it is read again */
    void unit(long position, byte[] payload) throws IOException;

    /** Units whose bytes are not what was written, though they had been synced; or that were given up. */
    void lost(Lost units) throws IOException;

    /** What follows the last whole frame, before it is cut; nobody ever had an answer to it. */
    void torn(String file, byte[] bytes) throws IOException;
  }

  public Journal(Disk disk, Settings settings) {
    this.disk = disk;
    this.settings = settings;
  }

  /**
   * Opens the segments, and makes the first where there is none; to be called once, before all else. What they hold can be
   * {@link #read} then.
   *
   * @throws StoreException journal_damaged where one is missing, or isn't what was written
   */
  public void open() throws IOException {
    Names names = Names.of(disk.list());
    for (String name : names.unfinished()) {
      disk.delete(name);
    }
    replaced.addAll(names.replaced());
    for (Map.Entry<Long, String> name : names.present().entrySet()) {
      open(name.getValue(), name.getKey());
    }
    if (names.present().isEmpty()) {
      create(SegmentHead.first(settings.directoryId(), settings.salt().getAsInt()));
    }
  }

  /** Whether a mark is of the history that is there, and not of one that a base has taken the place of. */
  public boolean isOfThisHistory(Mark mark) {
    SegmentHead first = segments.first().head();
    return !first.isBase() || mark.position() > first.start();
  }

  /** Begins a base that will take the place of all that was written. Nothing may be appended until it is finished or given up. */
  public Base beginBase() throws IOException {
    String directory = segments.last().head().directory();
    return new Base(disk, new SegmentHead(directory, lastNumber + 1, end, settings.salt().getAsInt(), true),
        settings.epoch());
  }

  /** Removes the files of the history that a base has taken the place of, once it was read. */
  public void removeReplaced() throws IOException {
    for (String name : replaced) {
      disk.delete(name);
    }
    if (!replaced.isEmpty()) {
      disk.sync();
    }
    replaced.clear();
  }

  private void open(String name, long firstFrame) throws IOException {
    Segment segment = Segment.open(disk, name, firstFrame);
    SegmentHead head = segment.head();
    Segment before = segments.isEmpty() ? null : segments.last();
    segments.add(segment);
    if (!head.directory().equals(SegmentHead.directory(settings.directoryId()))) {
      throw Damage.of(name + " belongs to another data directory");
    }
    // Only the last may have room behind its frames.
    boolean follows = before == null
        ? head.isBase() || head.start() == 0
        : head.start() == before.head().start() + before.file().size();
    if (!follows) {
      throw Damage.missing("before " + name + " a segment is missing or too short");
    }
  }

  /** @throws StoreException journal_truncated where the mark is behind the end */
  public void require(Mark mark) throws IOException {
    Segment last = segments.last();
    if (last.head().start() + last.file().size() < mark.position()) {
      throw Damage.truncated(mark.frame());
    }
  }

  /**
   * Tells of all units behind the mark. Then the journal is ready for more.
   *
   * @param mark one of this history; any other stands for its beginning
   * @param low the number of a frame that the journal is known to have, 0 for none
   * @param told of each unit in turn; those before it can be read already
   * @throws StoreException journal_truncated where it ends before the mark or that frame; journal_damaged where what had been durable is missing or wrong, and nobody can
   *     tell whose it was
   */
  public void replay(Mark mark, long low, Told told) throws IOException {
    SegmentHead first = segments.first().head();
    Mark from = isOfThisHistory(mark) ? mark : new Mark(first.start(), first.firstFrame() - 1, 0);
    require(from);
    lastNumber = from.frame();
    lastEpoch = from.epoch();
    end = from.position();
    for (Segment segment : segments.list()) {
      long behind = segment.head().start() + segment.file().size();
      boolean last = segment.head().start() == segments.last().head().start();
      if (last || behind > from.position()) {
        replay(segment, last, low, told);
      }
    }
    // A process that was killed leaves what it wrote, but had not synced: who is told of it now must find it again.
    segments.last().file().sync();
    disk.sync();
    if (lastEpoch > settings.epoch()) {
      throw Damage.of("it was last written in epoch " + lastEpoch + ", and this start is " + settings.epoch());
    }
  }

  private void replay(Segment segment, boolean last, long low, Told told) throws IOException {
    long start = segment.head().start();
    long from = Math.max(SegmentHead.SIZE, end - start);
    if (from == SegmentHead.SIZE && segment.head().firstFrame() != lastNumber + 1) {
      throw Damage.missing("before " + segment.head().name() + " frames are missing");
    }
    var frames = new FrameReader(new Window(segment.file()), segment.head().salt(), from);
    boolean torn = false;
    while (!torn && frames.next()) {
      Frame frame = frames.frame();
      if (!frame.follows(lastNumber, lastEpoch)) {
        throw Damage.of(segment.head().name() + " holds a frame out of its order at " + frames.at());
      }
      torn = !frames.isSound() && last && !frames.isBeforeLaterGroup(frame.number());
      if (frames.isSound() && !frame.isGivenUp()) {
        told.unit(start + frames.at(), frames.payload());
      } else if (!torn) {
        told.lost(Lost.of(start + frames.at(), frame));
      }
      if (!torn) {
        lastNumber = frame.number();
        lastEpoch = frame.epoch();
      }
    }
    end = start + frames.at();
    cleared = start + segment.file().size();
    if (last && lastNumber < low) {
      throw Damage.truncated(low);
    }
    if (torn || !frames.isEmptyFromHere()) {
      if (!last || frames.isBeforeLaterGroup(lastNumber + 1)) {
        throw Damage.of(segment.head().name() + " holds no frame at " + frames.at() + ", and frames behind it");
      }
      told.torn(segment.head().name(), segment.rest(frames.at()));
      cut(segment);
    }
  }

  /** Nothing may be left behind the end that could pass for a frame once others are written before it. */
  private void cut(Segment segment) throws IOException {
    segment.file().truncate(end - segment.head().start());
    segment.file().sync();
    cleared = end;
  }

  private void create(SegmentHead head) throws IOException {
    segments.add(Segment.create(disk, head, settings.ahead()));
    end = head.start() + SegmentHead.SIZE;
    cleared = end + settings.ahead();
  }

  /**
   * Makes room for a group. Nothing that was appended is touched by it, whether or not it succeeds.
   *
   * @throws IOException when there is no room
   */
  public void prepare() throws IOException {
    Segment last = segments.last();
    long used = end - last.head().start();
    if (used >= settings.segment()) {
      last.file().truncate(used);
      last.file().sync();
      create(new SegmentHead(last.head().directory(), lastNumber + 1, end, settings.salt().getAsInt(), false));
    } else if (cleared - end < Math.min(MARGIN, settings.ahead())) {
      Segment.clear(last.file(), cleared - last.head().start(), settings.ahead());
      // What is written there later changes bytes and no length or blocks, which makes its sync a short one.
      last.file().sync();
      cleared += settings.ahead();
    }
  }

  /** Where the next unit will be, unless {@link #prepare} is called before it. */
  public long end() {
    return end;
  }

  /** Behind the newest unit. */
  public Mark mark() {
    return new Mark(end, lastNumber, lastEpoch);
  }

  /**
   * Appends a group and syncs it once; when this returns, all of it is durable. {@link #prepare} comes before each.
   *
   * @throws IOException when it can't be written; {@link #undo} takes back what was
   * @throws SyncFailure when nobody knows what of it is on disk, nor will be
   */
  public void append(List<Unit> group) throws IOException {
    Segment segment = segments.last();
    int length = 0;
    for (Unit unit : group) {
      length += unit.size();
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (int place = 0; place < group.size(); place++) {
      Unit unit = group.get(place);
      unit.frame(settings.epoch(), lastNumber + 1 + place, place)
          .write(bytes, at, unit.payload(), segment.head().salt());
      at += unit.size();
    }
    segment.file().writeDurably(end - segment.head().start(), bytes, 0, length);
    end += length;
    cleared = Math.max(cleared, end);
    lastNumber += group.size();
    lastEpoch = settings.epoch();
  }

  /** After a write that failed: what of it is on disk is taken back. */
  public void undo() throws IOException {
    cut(segments.last());
  }

  /**
   * The payload of the unit at that position.
   *
   * @throws StoreException store_corrupt when the bytes there are not what was written
   */
  public byte[] read(long position) throws IOException {
    return segments.read(position);
  }

  /** What is lost at that position; null where the unit is whole, or where not even a head is. */
  public @Nullable Lost lostAt(long position) throws IOException {
    return segments.lostAt(position);
  }

  /** The segments that are never written again. */
  public SealedSegments sealed() {
    return SealedSegments.of(segments.list());
  }

  @Override
  public void close() throws IOException {
    segments.close();
  }

  /** The files that hold the units, and how many of their bytes do. */
  public SortedMap<String, Long> files() throws IOException {
    return segments.lengths(end);
  }
}
