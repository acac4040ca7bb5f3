package dev.holdfast.domain.access;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A key as its owner holds it: {@code hfk_}, the key's id, {@code _}, 64 hex digits of secret, {@code _}, and the CRC-32
 * of what precedes, so that a mistyped key is told from an unknown one without asking the store.
 */
public record PresentedKey(String id, String secret) {
  private static final Pattern FORM = Pattern.compile("hfk_([0-9a-f]{16})_([0-9a-f]{64})_([0-9a-f]{8})");

  public static PresentedKey random(Ids ids) {
    return new PresentedKey(ids.hex(16), ids.hex(64));
  }

  /** @return empty when the form or the check sum is wrong */
  public static Optional<PresentedKey> parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    var key = new PresentedKey(form.group(1), form.group(2));
    return key.text().equals(text) ? Optional.of(key) : Optional.empty();
  }

  /** The whole key; never to be logged. */
  public String text() {
    String body = "hfk_" + id + "_" + secret;
    var sum = new CRC32();
    sum.update(body.getBytes(StandardCharsets.US_ASCII));
    return body + "_" + HexFormat.of().toHexDigits((int) sum.getValue());
  }

  public String secretHash() {
    return HexFormat.of().formatHex(Digests.sha256(HexFormat.of().parseHex(secret)));
  }

  /** Compares in a time that tells nothing of where the hashes differ. */
  public boolean matches(Key key) {
    return MessageDigest.isEqual(
        secretHash().getBytes(StandardCharsets.US_ASCII), key.secretHash().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return "hfk_" + id + "_***";
  }
}
