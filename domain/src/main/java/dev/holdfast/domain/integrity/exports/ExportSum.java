package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What proves that two exports are the same.
 *
 * @param records how many lines
 * @param digest the SHA-256 of the lines, each with its newline
 */
public record ExportSum(long records, ContentHash digest) {

  /** Adds line to line. For one thread at a time. */
  public static final class Counting {
    private final MessageDigest digest = Digests.begin();
    private long records;

    /** @param line without its newline */
    public void add(String line) {
      digest.update(line.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
      records++;
    }

    /**
     * Adds lines, each with its newline.
     *
     * @param bytes of them, from the first on
     */
    public void add(int lines, byte[] bytes, int length) {
      digest.update(bytes, 0, length);
      records += lines;
    }

    public long records() {
      return records;
    }

    /** Of all that was added until now. */
    public ExportSum soFar() {
      try {
        return new ExportSum(records, ContentHash.ofDigest(((MessageDigest) digest.clone()).digest()));
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Of all that was added; nothing can be added any more. */
    public ExportSum sum() {
      return new ExportSum(records, ContentHash.ofDigest(digest.digest()));
    }
  }
}
