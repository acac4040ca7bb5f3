package dev.holdfast.fs.integrity.journal;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a segment that were read at once: units that are read one after the other mostly stand side by side.
 *
 * @param position in the journal, of the first of them; -1 for none
 * @param length how many there are
 */
@SuppressWarnings("ArrayRecordComponent")
record Glimpse(long position, byte[] bytes, int length) {
  static final Glimpse NONE = new Glimpse(-1, new byte[0], 0);
  private static final int MOST = 1 << 14;
  /** Enough for most units. */
  private static final int ONE = 1 << 11;

  /**
   * From there on, the whole frame that begins there among them.
   *
   * @param room for so many of them, unless that frame is longer
   */
  static Glimpse of(Segment segment, long position, int room) throws IOException {
    long at = position - segment.head().start();
    byte[] bytes = new byte[room];
    int length = segment.file().read(at, bytes, 0, room);
    Frame frame = length < Frame.HEAD ? null : Frame.read(bytes, 0, segment.head().salt());
    if (frame != null && frame.size() > length) {
      bytes = Arrays.copyOf(bytes, frame.size());
      length += segment.file().read(at + length, bytes, length, frame.size() - length);
    }
    return new Glimpse(position, bytes, length);
  }

  /** How much to read there: much where somebody goes on from here, and one unit where units are read that stand far apart. */
  int roomFor(long next) {
    return next >= position && next - position - length < ONE ? MOST : ONE;
  }

  /** Whether it is no longer than most, and may be kept. */
  boolean isUsual() {
    return bytes.length <= MOST;
  }

  /** What is lost of the frame at the first position; null where it is whole, and where no head begins. */
  @Nullable
  Lost lost(int salt) {
    Frame frame = length < Frame.HEAD ? null : Frame.read(bytes, 0, salt);
    return frame == null || (frame.size() <= length && frame.isSound(bytes, 0)) ? null : Lost.of(position, frame);
  }

  /** What the frame at that position holds; null where none is there whole and as it was written. */
  byte @Nullable [] payload(long wanted, int salt) {
    long at = wanted - position;
    if (position < 0 || at < 0 || at + Frame.HEAD > length) {
      return null;
    }
    int start = (int) at;
    Frame frame = Frame.read(bytes, start, salt);
    return frame != null && at + frame.size() <= length && frame.isSound(bytes, start)
        ? Arrays.copyOfRange(bytes, start + Frame.HEAD, start + Frame.HEAD + frame.length())
        : null;
  }
}
