package dev.holdfast.http.turns;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.Delivery;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.WorkClass;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Wakes and commands as they are sent (spec turns §14). */
final class QueueBody {
  /** What every store can hold. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");
  private static final int MAX_NAME = 200;

  private QueueBody() {}

  static BatchDraft wake(JsonMembers members, @Nullable String sourceKey) {
    Payload.Wake wake = wake(members);
    return new BatchDraft(List.of(wake), delivery(members), availableAt(members), sourceKey);
  }

  /** Each member is judged with usual others, so that the refusal names the one that is wrong. */
  private static Payload.Wake wake(JsonMembers members) {
    String origin = members.parsed("origin", text -> Payload.Wake.of(text, 0, "").origin());
    Long sequence = members.optionalLong("origin_sequence");
    if (sequence == null || sequence < 0) {
      throw members.wrong("origin_sequence");
    }
    String type = absent(members.optionalText("event_type"), () -> Payload.Wake.DEFAULT_EVENT_TYPE);
    members.checked("event_type", () -> new Payload.Wake(origin, sequence, type, null, "key", ""));
    String key = absent(members.optionalText("dedupe_key"), () -> Payload.Wake.defaultKey(origin, sequence));
    members.checked("dedupe_key", () -> new Payload.Wake(origin, sequence, type, null, key, ""));
    String cause = members.optionalText("cause");
    if (cause != null && cause.length() > MAX_NAME) {
      throw members.wrong("cause");
    }
    return new Payload.Wake(origin, sequence, type, cause, key, members.text("text"));
  }

  private static String absent(@Nullable String given, Supplier<String> standard) {
    return given == null ? standard.get() : given;
  }

  static BatchDraft command(JsonMembers members, @Nullable String sourceKey) {
    String kind = members.text("kind");
    for (Payload.Command.Kind known : Payload.Command.Kind.values()) {
      if (known.text().equals(kind)) {
        var command = new Payload.Command(known, members.optionalText("note"));
        return new BatchDraft(List.of(command), null, null, sourceKey);
      }
    }
    throw members.wrong("kind");
  }

  /** Null where nothing is said; what isn't said is as usual. */
  private static @Nullable Delivery delivery(JsonMembers members) {
    String policy = members.optionalText("delivery_policy");
    String slot = members.optionalText("slot_policy");
    JsonMembers merge = members.optionalObject("merge_key");
    if (policy == null && slot == null && merge == null) {
      return null;
    }
    Delivery usual = Delivery.standard(WorkClass.TURN_WORK);
    return new Delivery(
        policy == null
            ? usual.policy()
            : members.checked("delivery_policy", () -> Delivery.Policy.valueOf(upper(policy))),
        slot == null ? usual.slot() : members.checked("slot_policy", () -> Delivery.Slot.valueOf(upper(slot))),
        merge == null ? usual.mergeKey() : mergeKey(merge));
  }

  private static @Nullable String mergeKey(JsonMembers merge) {
    String kind = merge.text("kind");
    String key = switch (kind) {
      case "never" -> null;
      case Delivery.PAYLOAD_DEFAULT -> Delivery.PAYLOAD_DEFAULT;
      case "group" -> group(merge);
      default -> throw merge.wrong("kind");
    };
    merge.end();
    return key;
  }

  /** A group can't have the name of the default, which would make it that. */
  private static String group(JsonMembers merge) {
    String name = merge.text("name");
    if (name.isBlank() || name.length() > MAX_NAME || name.equals(Delivery.PAYLOAD_DEFAULT)) {
      throw merge.wrong("name");
    }
    return name;
  }

  /** Constants are told in lower case, and in no other. */
  private static String upper(String text) {
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(text);
    }
    return text.toUpperCase(Locale.ROOT);
  }

  private static @Nullable Instant availableAt(JsonMembers members) {
    String text = members.optionalText("available_at");
    return text == null ? null : members.checked("available_at", () -> instant(text));
  }

  private static Instant instant(String text) {
    Instant at;
    try {
      at = Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e);
    }
    if (at.isAfter(LAST) || at.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException(text);
    }
    return at.truncatedTo(ChronoUnit.MILLIS);
  }
}
