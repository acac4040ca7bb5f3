package dev.holdfast.fs.integrity.journal;

import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives up what a damaged journal holds behind its last good frame, and what it should hold beyond its end. A frame in its
 * place says how much that was, so that no number, event id or worker is ever given again. It may die at any change of the
 * disk: the journal is damaged as before then, or cut already, with segments behind the cut that the next one takes away.
 */
public final class JournalCut {
  private final Disk disk;
  private final Journal.Settings settings;

  public JournalCut(Disk disk, Journal.Settings settings) {
    this.disk = disk;
    this.settings = settings;
  }

  /**
   * What others know of a journal that isn't whole.
   *
   * @param lastFrame that it had at least, 0 for none
   * @param lastEvent whose id was given at least, 0 for none
   */
  public record Known(long lastFrame, long lastEvent) {
    /** What both know. */
    public Known and(Known other) {
      return new Known(Math.max(lastFrame, other.lastFrame), Math.max(lastEvent, other.lastEvent));
    }
  }

  /** Keeps a durable copy of what is given up, and answers its name. */
  @FunctionalInterface
  public interface Evidence {
    String keep(String file, byte[] bytes) throws IOException;
  }

  /**
   * Cuts, if there is anything to cut or to tell.
   *
   * @return the names of the evidence; empty when the journal is whole and not too short
   * @throws dev.holdfast.domain.integrity.StoreException journal_damaged when no frame is good: that is no journal any more
   */
  public Optional<List<String>> cut(Known known, Evidence evidence) throws IOException {
    Survivors good = survivors();
    if (good.frame == 0 && good.behind.isEmpty() && known.lastFrame() == 0) {
      return Optional.empty();
    }
    if (good.segment == null || good.frame == 0) {
      throw Damage.of("it has no good frame to be cut behind");
    }
    Loss loss = new Loss(good.frame, good.event);
    List<String> kept = new ArrayList<>();
    byte[] last = read(good.segment.name());
    byte[] rest = stripped(last, (int) good.end);
    if (rest.length > 0) {
      loss.scan(rest, 0, good.segment.salt());
      kept.add(evidence.keep(good.segment.name(), rest));
    }
    for (String name : good.behind) {
      byte[] bytes = read(name);
      SegmentHead head = SegmentHead.read(bytes, bytes.length);
      if (head != null) {
        loss.scan(bytes, SegmentHead.SIZE, head.salt());
      }
      kept.add(evidence.keep(name, stripped(bytes, 0)));
    }
    loss.atLeast(known);
    if (kept.isEmpty() && loss.isNone()) {
      return Optional.empty();
    }
    if (rest.length > 0 || !loss.isNone()) {
      replace(good, Arrays.copyOf(last, (int) good.end), loss);
    }
    for (String name : good.behind.reversed()) {
      disk.delete(name);
    }
    disk.sync();
    return Optional.of(kept);
  }

  private void replace(Survivors good, byte[] frames, Loss loss) throws IOException {
    SegmentHead head = good.head();
    List<Frame> stand = loss.frames(Math.max(settings.epoch(), good.epoch));
    byte[] bytes = Arrays.copyOf(frames, frames.length + stand.size() * (Frame.HEAD + Frame.TAIL));
    int at = frames.length;
    for (Frame frame : stand) {
      frame.write(bytes, at, new byte[0], head.salt());
      at += frame.size();
    }
    WholeFiles.replace(disk, head.name(), bytes);
  }

  private byte[] read(String name) throws IOException {
    byte[] bytes = WholeFiles.read(disk, name);
    return bytes == null ? new byte[0] : bytes;
  }

  private static byte[] stripped(byte[] bytes, int from) {
    int end = bytes.length;
    while (end > from && bytes[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOfRange(bytes, from, end);
  }

  /** What can still be read from the start without a doubt. */
  private static final class Survivors {
    private @Nullable SegmentHead segment;
    private long end;
    private long frame;
    private int epoch;
    private long event;
    /** The segments behind the last one that holds a good frame, or nothing but its head. */
    private final List<String> behind = new ArrayList<>();

    SegmentHead head() {
      if (segment == null) {
        throw new IllegalStateException("there is no segment");
      }
      return segment;
    }
  }

  private Survivors survivors() throws IOException {
    var good = new Survivors();
    List<String> names = disk.list().stream().filter(name -> SegmentHead.firstFrameOf(name) != null).toList();
    boolean whole = true;
    for (String name : names) {
      whole = whole && take(name, name.equals(names.getLast()), good);
      if (!whole && (good.segment == null || !name.equals(good.segment.name()))) {
        good.behind.add(name);
      }
    }
    return good;
  }

  /** Whether the segment follows, and all of it is good. */
  private boolean take(String name, boolean isLast, Survivors good) throws IOException {
    try (Disk.File file = disk.open(name)) {
      byte[] bytes = new byte[SegmentHead.SIZE];
      SegmentHead head = SegmentHead.read(bytes, file.read(0, bytes, 0, bytes.length));
      boolean follows = head != null && head.name().equals(name) && head.firstFrame() == good.frame + 1
          && head.directory().equals(SegmentHead.directory(settings.directoryId()))
          && head.start() == (good.segment == null ? 0 : good.segment.start() + good.end);
      if (head == null || !follows) {
        return false;
      }
      var frames = new FrameReader(new Window(file), head.salt(), SegmentHead.SIZE);
      boolean bad = false;
      while (!bad && frames.next()) {
        Frame frame = frames.frame();
        boolean lost = !frames.isSound()
            && (frame.scope() == 0 || (isLast && !frames.isBeforeLaterGroup(frame.number())));
        bad = lost || !frame.follows(good.frame, good.epoch);
        if (!bad) {
          good.frame = frame.number();
          good.epoch = frame.epoch();
          good.event = frame.firstEvent() + frame.events() - 1;
        }
      }
      good.segment = head;
      good.end = frames.at();
      return !bad && frames.isEmptyFromHere();
    }
  }

  /** How much is given up. */
  private static final class Loss {
    private final long behind;
    private final long event;
    private long lastFrame;
    private long lastEvent;
    private long lastWorker;
    private long audits;

    Loss(long behind, long event) {
      this.behind = behind;
      this.event = event;
      this.lastFrame = behind;
      this.lastEvent = event;
    }

    /** Whatever still has a head tells what it was. */
    void scan(byte[] bytes, int from, int salt) {
      for (int at = from; at + Frame.HEAD <= bytes.length; at++) {
        Frame frame = Frame.read(bytes, at, salt);
        if (frame != null && frame.number() > lastFrame) {
          lastFrame = frame.number();
          lastEvent = Math.max(lastEvent, frame.firstEvent() + frame.events() - 1);
          lastWorker = Math.max(lastWorker, frame.scope());
          audits += frame.audits();
        }
      }
    }

    void atLeast(Known known) {
      lastFrame = Math.max(lastFrame, known.lastFrame());
      lastEvent = Math.max(lastEvent, known.lastEvent());
    }

    boolean isNone() {
      return lastFrame == behind && lastEvent == event;
    }

    /** Those that stand for what is given up; the last has the number of the last that is. */
    List<Frame> frames(int epoch) {
      long events = lastEvent - event;
      int count = (int) Math.max(1, Math.ceilDiv(Math.max(events, audits), (long) Frame.MANY));
      long first = Math.max(behind + 1, lastFrame - count + 1);
      List<Frame> frames = new ArrayList<>();
      for (int place = 0; place < count; place++) {
        int some = (int) Math.min(events, Frame.MANY);
        int records = (int) Math.min(audits, Frame.MANY);
        frames.add(new Frame(epoch, first + place, place, lastWorker, lastEvent - events + 1, some, records, 0));
        events -= some;
        audits -= records;
      }
      return frames;
    }
  }
}
