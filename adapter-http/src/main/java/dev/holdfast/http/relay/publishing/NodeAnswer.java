package dev.holdfast.http.relay.publishing;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a node answers: an object, or a problem that names its reason. */
final class NodeAnswer {
  static final int MAX_BYTES = 4 << 20;
  private static final Set<String> OF_PROBLEMS = Set.of("type", "title", "status", "reason", "instance");

  private NodeAnswer() {}

  /** @return node_unreachable for what no node answers */
  static Outcome<Map<String, @Nullable Object>> of(int status, byte[] body) {
    Map<String, @Nullable Object> members;
    try {
      members = body.length == 0 ? Map.of() : object(Json.read(new String(body, StandardCharsets.UTF_8)));
    } catch (JsonException e) {
      return Outcome.refused(Reason.NODE_UNREACHABLE);
    }
    if (status >= 200 && status < 300) {
      return new Outcome.Done<>(members);
    }
    Map<String, Object> facts = new TreeMap<>();
    members.forEach((name, value) -> {
      if (!OF_PROBLEMS.contains(name)
          && (value instanceof String || value instanceof Number || value instanceof Boolean)) {
        facts.put(name, value);
      }
    });
    return new Outcome.Refused<>(reason(members.get("reason")), facts);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  private static Reason reason(@Nullable Object code) {
    try {
      return code instanceof String text ? Reason.valueOf(text.toUpperCase(Locale.ROOT)) : Reason.NODE_UNREACHABLE;
    } catch (IllegalArgumentException e) {
      // A newer node may have reasons that aren't known here.
      return Reason.INTERNAL;
    }
  }
}
