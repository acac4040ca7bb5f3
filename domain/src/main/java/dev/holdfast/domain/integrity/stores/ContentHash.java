package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.Reason;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of a file's exact bytes, the final newline among them (spec I-6).
 *
 * @param text {@code sha256:} and 64 lower-case hex digits
 */
public record ContentHash(String text) {
  private static final String PREFIX = "sha256:";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{64}");
  private static final int SHORT = 16;

  public ContentHash {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("a content hash is sha256: and 64 lower-case hex digits");
    }
  }

  public static ContentHash of(byte[] bytes) {
    return ofDigest(Digests.sha256(bytes));
  }

  /** @param sha256 of the bytes, 32 of its own */
  public static ContentHash ofDigest(byte[] sha256) {
    return new ContentHash(PREFIX + HexFormat.of().formatHex(sha256));
  }

  /**
   * The name in quarantine of a copy of a file with these bytes. Equal evidence has an equal name, so it is kept once
   * (spec I-7).
   *
   * @param file the file's own name, never one that a record tells (spec I-10)
   */
  public String evidenceName(String file, Reason state) {
    return file + "." + state.code() + "." + text.substring(PREFIX.length(), PREFIX.length() + SHORT);
  }

  @Override
  public String toString() {
    return text;
  }
}
