package dev.holdfast.domain.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that seals the audit: 32 bytes that never leave the node. */
public final class AuditKey {
  private static final String ALGORITHM = "HmacSHA256";

  /** Has the key and was never fed: looking one up for each record takes as long as sealing it. */
  private final Mac fresh;

  /** @param hex 64 lower-case hex digits */
  public AuditKey(String hex) {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not an audit key");
    }
    try {
      fresh = Mac.getInstance(ALGORITHM);
      fresh.init(new SecretKeySpec(HexFormat.of().parseHex(hex), ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** @return the mac of a record's text that follows another record, as lower-case hex */
  String seal(String macBefore, String text) {
    try {
      Mac mac = (Mac) fresh.clone();
      mac.update(HexFormat.of().parseHex(macBefore));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's " + ALGORITHM + " can be copied", e);
    }
  }

  @Override
  public String toString() {
    return "AuditKey[***]";
  }
}
