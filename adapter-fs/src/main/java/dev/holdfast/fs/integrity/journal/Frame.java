package dev.holdfast.fs.integrity.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The head of a frame, which holds one unit of work: 48 bytes, the payload, and the CRC-32C of the payload (spec I-12). All
 * numbers are big-endian. A frame without a payload stands for units that were given up, all from the number behind the
 * frame before it to its own.
 *
 * @param epoch of the start of the node that wrote it
 * @param number dense over all segments, from 1
 * @param place in the group of frames that were synced together, from 0: what was lost with a torn group was never answered
 * @param scope the number of the only worker that it touches, or 0
 * @param firstEvent the id of its first event, or of the next to come when it has none
 * @param events how many it has, with consecutive ids; at most {@link #MANY}
 * @param audits how many records of the audit it has; at most {@link #MANY}
 * @param length of the payload, in bytes
 */
record Frame(int epoch, long number, int place, long scope, long firstEvent, int events, int audits, int length) {
  static final int HEAD = 48;
  static final int TAIL = 4;
  /** No unit of work comes near it; more is damage. */
  static final int MAX_PAYLOAD = 64 << 20;
  /** The most events, and the most records of the audit, of one frame. */
  static final int MANY = 0xffff;
  private static final int MAGIC = 0x48464a31;
  private static final int CHECKED = HEAD - 4;

  int size() {
    return HEAD + length + TAIL;
  }

  /** Whether it stands for units that were given up. */
  boolean isGivenUp() {
    return length == 0;
  }

  /** Whether it may come behind a frame of that number and epoch. */
  boolean follows(long last, int lastEpoch) {
    return (isGivenUp() ? number > last : number == last + 1) && epoch >= lastEpoch;
  }

  /** The number of the first frame of its group. */
  long groupStart() {
    return number - place;
  }

  /** @param salt of the segment, so that no content can pass for a frame */
  void write(byte[] into, int at, byte[] payload, int salt) {
    ByteBuffer.wrap(into, at, CHECKED).putInt(MAGIC).putInt(epoch).putLong(number).putLong(scope).putLong(firstEvent)
        .putInt(place).putInt(length).putShort((short) audits).putShort((short) events);
    putInt(into, at + CHECKED, crc(into, at, CHECKED) ^ salt);
    System.arraycopy(payload, 0, into, at + HEAD, length);
    putInt(into, at + HEAD + length, crc(payload, 0, length));
  }

  /** Null where no head begins. */
  static @Nullable Frame read(byte[] from, int at, int salt) {
    ByteBuffer head = ByteBuffer.wrap(from, at, HEAD);
    if (head.getInt() != MAGIC || getInt(from, at + CHECKED) != (crc(from, at, CHECKED) ^ salt)) {
      return null;
    }
    int epoch = head.getInt();
    long number = head.getLong();
    long scope = head.getLong();
    long firstEvent = head.getLong();
    int place = head.getInt();
    int length = head.getInt();
    int audits = Short.toUnsignedInt(head.getShort());
    int events = Short.toUnsignedInt(head.getShort());
    boolean possible = epoch >= 0 && number > 0 && place >= 0 && place < number && scope >= 0 && firstEvent > 0
        && length >= 0 && length <= MAX_PAYLOAD;
    return possible ? new Frame(epoch, number, place, scope, firstEvent, events, audits, length) : null;
  }

  /** Whether the payload behind a head is what was written. */
  boolean isSound(byte[] bytes, int at) {
    return getInt(bytes, at + HEAD + length) == crc(bytes, at + HEAD, length);
  }

  static int crc(byte[] bytes, int at, int length) {
    var crc = new CRC32C();
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }

  static int getInt(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes, at, Integer.BYTES).getInt();
  }

  static void putInt(byte[] bytes, int at, int value) {
    ByteBuffer.wrap(bytes, at, Integer.BYTES).putInt(value);
  }
}
