package dev.holdfast.domain.relay.publishers;

import dev.holdfast.domain.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A machine that serves models over a link it opens itself.
 *
 * @param id {@code pub-} and 32 lower-case hex digits
 * @param owner the subject of the key that registered it
 * @param secretHash lower-case hex of the SHA-256 of its secret
 * @param lastSeenAt coarse: when it registered or opened a link last
 * @param linksOpened since it was registered
 */
public record Publisher(
    String id, String owner, String secretHash, @Nullable String label, Instant createdAt, Instant lastSeenAt,
    long linksOpened) {
  private static final Pattern ID = Pattern.compile("pub-[0-9a-f]{32}");
  public static final int ID_DIGITS = 32;
  public static final int SECRET_DIGITS = 64;
  public static final int MAX_LABEL = 100;

  public static String idOf(String digits) {
    return "pub-" + digits;
  }

  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  public static String hash(String secret) {
    return Digests.sha256Hex(secret);
  }

  /** Takes as long for a wrong secret as for the right one. */
  public boolean isSecret(String presented) {
    return MessageDigest.isEqual(hash(presented).getBytes(StandardCharsets.US_ASCII),
        secretHash.getBytes(StandardCharsets.US_ASCII));
  }

  public Publisher seen(Instant now) {
    return new Publisher(id, owner, secretHash, label, createdAt, now, linksOpened);
  }

  public Publisher linked(Instant now) {
    return new Publisher(id, owner, secretHash, label, createdAt, now, linksOpened + 1);
  }

  public Publisher withSecretHash(String hash) {
    return new Publisher(id, owner, hash, label, createdAt, lastSeenAt, linksOpened);
  }
}
