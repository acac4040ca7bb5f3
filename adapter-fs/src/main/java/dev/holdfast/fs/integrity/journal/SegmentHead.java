package dev.holdfast.fs.integrity.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 bytes of a segment file.
 *
 * @param directory the first half of the SHA-256 of the data directory's id, so that files of two directories don't mix
 * @param firstFrame the number of its first frame; the file is named by it
 * @param start how many bytes are in all segments before it: where a frame is keeps its meaning when those go
 * @param salt by chance; see {@link Frame#write}
 * @param isBase whether the history begins anew with it: what its frames lead to needs none of those before (spec I-13)
 */
record SegmentHead(String directory, long firstFrame, long start, int salt, boolean isBase) {
  static final int SIZE = 64;
  private static final String PREFIX = "seg-";
  private static final String BASE_PREFIX = "base-";
  private static final String SUFFIX = ".hfj";
  private static final int DIGITS = 16;
  private static final byte[] MAGIC = "HFJ-SEG1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BASE_MAGIC = "HFJ-BAS1".getBytes(StandardCharsets.US_ASCII);
  private static final int DIRECTORY_BYTES = 16;
  private static final int CHECKED = SIZE - Integer.BYTES;

  static SegmentHead first(String directoryId, int salt) {
    return new SegmentHead(directory(directoryId), 1, 0, salt, false);
  }

  static String directory(String id) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIRECTORY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  String name() {
    return (isBase ? BASE_PREFIX : PREFIX) + HexFormat.of().toHexDigits(firstFrame) + SUFFIX;
  }

  static boolean isBase(String name) {
    return name.startsWith(BASE_PREFIX) && firstFrameOf(name) != null;
  }

  /** Null for a file of another kind. */
  static @Nullable Long firstFrameOf(String name) {
    String prefix = name.startsWith(BASE_PREFIX) ? BASE_PREFIX : PREFIX;
    if (name.length() != prefix.length() + DIGITS + SUFFIX.length() || !name.startsWith(prefix)
        || !name.endsWith(SUFFIX)) {
      return null;
    }
    String digits = name.substring(prefix.length(), prefix.length() + DIGITS);
    return digits.matches("[0-7][0-9a-f]{15}")
        ? HexFormat.fromHexDigitsToLong(digits)
        : null;
  }

  byte[] bytes() {
    byte[] bytes = new byte[SIZE];
    ByteBuffer.wrap(bytes).put(isBase ? BASE_MAGIC : MAGIC).put(HexFormat.of().parseHex(directory)).putLong(firstFrame)
        .putLong(start)
        .putInt(salt);
    Frame.putInt(bytes, CHECKED, Frame.crc(bytes, 0, CHECKED));
    return bytes;
  }

  /** Null when so many bytes are no head of a segment. */
  static @Nullable SegmentHead read(byte[] bytes, int length) {
    if (length < SIZE || !(begins(bytes, MAGIC) || begins(bytes, BASE_MAGIC))
        || Frame.getInt(bytes, CHECKED) != Frame.crc(bytes, 0, CHECKED)) {
      return null;
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, MAGIC.length, SIZE - MAGIC.length);
    byte[] directory = new byte[DIRECTORY_BYTES];
    from.get(directory);
    return new SegmentHead(HexFormat.of().formatHex(directory), from.getLong(), from.getLong(),
        from.getInt(), begins(bytes, BASE_MAGIC));
  }

  private static boolean begins(byte[] bytes, byte[] magic) {
    return Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }
}
