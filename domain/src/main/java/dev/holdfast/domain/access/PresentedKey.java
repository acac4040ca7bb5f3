package dev.holdfast.domain.access;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A key as its owner holds it: {@code hfk_}, the key's id, {@code _}, 64 hex digits of secret, {@code _}, and the CRC-32
 * of what precedes, so that a mistyped key is told from an unknown one without asking the store.
 */
public record PresentedKey(String id, String secret) {
  private static final String PREFIX = "hfk_";
  private static final int ID_END = PREFIX.length() + 16;
  private static final int SECRET_END = ID_END + 1 + 64;
  private static final int LENGTH = SECRET_END + 1 + 8;

  public static PresentedKey random(Ids ids) {
    return new PresentedKey(ids.hex(16), ids.hex(64));
  }

  /** @return empty when the form or the check sum is wrong */
  public static Optional<PresentedKey> parse(String text) {
    boolean right = text.length() == LENGTH && text.startsWith(PREFIX) && text.charAt(ID_END) == '_'
        && text.charAt(SECRET_END) == '_' && isHex(text, PREFIX.length(), ID_END) && isHex(text, ID_END + 1, SECRET_END)
        && isHex(text, SECRET_END + 1, LENGTH);
    if (!right
        || Integer.parseUnsignedInt(text, SECRET_END + 1, LENGTH, 16) != checkSum(text.substring(0, SECRET_END))) {
      return Optional.empty();
    }
    return Optional
        .of(new PresentedKey(text.substring(PREFIX.length(), ID_END), text.substring(ID_END + 1, SECRET_END)));
  }

  /** Lower-case digits alone. */
  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static int checkSum(String body) {
    var sum = new CRC32();
    sum.update(body.getBytes(StandardCharsets.US_ASCII));
    return (int) sum.getValue();
  }

  /** The whole key; never to be logged. */
  public String text() {
    String body = PREFIX + id + "_" + secret;
    return body + "_" + HexFormat.of().toHexDigits(checkSum(body));
  }

  public String secretHash() {
    return HexFormat.of().formatHex(hash());
  }

  private byte[] hash() {
    return Digests.sha256(HexFormat.of().parseHex(secret));
  }

  /** Compares in a time that tells nothing of where the hashes differ. */
  public boolean matches(Key key) {
    return MessageDigest.isEqual(hash(), HexFormat.of().parseHex(key.secretHash()));
  }

  @Override
  public String toString() {
    return "hfk_" + id + "_***";
  }
}
