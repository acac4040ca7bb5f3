package dev.holdfast.http.access;

import dev.holdfast.application.access.Keys;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.NewKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Keys on the wire (spec access §2): everything but the secret and its hash. */
final class KeyJson {
  /** The last instant that RFC 3339 can write. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private KeyJson() {}

  static Json of(Keys.Shown shown) {
    Key key = shown.key();
    return Json.object("key_id", key.id(), "subject", key.subject(), "role", key.role().text(), "label", key.label(),
        "content", key.content(), "models", key.limits().models(), "limits", limits(key.limits()), "status",
        Wire.of(shown.status()), "created_at", Wire.at(key.createdAt()), "created_by", key.createdBy(), "expires_at",
        at(key.expiresAt()), "revoked_at", at(key.revokedAt()), "last_used_at", at(key.lastUsedAt()), "version",
        key.version());
  }

  /** The only answers that ever carry a key's text. */
  static Json of(Keys.Shown shown, String keyText) {
    return Json.object("key", of(shown), "key_text", keyText);
  }

  /** @param version of the node's program, where it is known */
  static Json whoAmI(Call call, @Nullable String version) {
    Key key = call.key();
    return Json.object("key_id", key.id(), "subject", key.subject(), "on_behalf_of", call.caller().onBehalfOf(), "role",
        key.role().text(), "content", key.content(), "label", key.label(), "models", key.limits().models(), "limits",
        limits(key.limits()), "created_at", Wire.at(key.createdAt()), "expires_at", at(key.expiresAt()),
        "node_version", version);
  }

  private static Json limits(Key.Limits limits) {
    return Json.object("max_in_flight", limits.maxInFlight(), "requests_per_minute", limits.requestsPerMinute());
  }

  private static @Nullable String at(@Nullable Instant instant) {
    return instant == null ? null : Wire.at(instant);
  }

  /** @param subject of the key where the request names none */
  static NewKey read(JsonMembers members, @Nullable String subject) {
    Role role = Role.of(members.text("role")).orElseThrow(() -> members.wrong("role"));
    String named = members.optionalText("subject");
    String label = members.text("label");
    Boolean content = members.optionalBool("content");
    var limits = new Key.Limits(members.texts("models"), members.optionalWhole("max_in_flight"),
        members.optionalWhole("requests_per_minute"));
    return new NewKey(role, named == null ? subject : named, label, content, limits, expiry(members));
  }

  private static @Nullable Instant expiry(JsonMembers members) {
    String text = members.optionalText("expires_at");
    try {
      Instant at = text == null ? null : Instant.parse(text);
      if (at != null && at.isAfter(LAST)) {
        throw members.wrong("expires_at");
      }
      return at;
    } catch (DateTimeParseException e) {
      throw members.wrong("expires_at");
    }
  }

  /** @throws JsonMembers.Mismatch when it is no number of seconds */
  static Duration overlap(JsonMembers members) {
    return Duration.ofSeconds(members.whole("overlap_s", 0));
  }
}
