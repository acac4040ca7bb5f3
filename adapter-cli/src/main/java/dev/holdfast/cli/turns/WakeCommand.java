package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.access.KeyTimes;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.queue.Delivery;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells a worker that something happened elsewhere. */
@Command(
    name = "wake",
    description = "Wake a worker: tell it that something happened elsewhere, so that it looks at it in a turn.",
    footer = {
      "", "Examples:",
      "  holdfast queue wake worker-00000001 \"The build is red\"",
      "  holdfast queue wake worker-00000001 --origin mail --sequence 17 \"Two new messages\"     twice is once",
      "  holdfast queue wake worker-00000001 --not-before 10m \"Look at the build again\"",
      "  holdfast queue wake worker-00000001 --slot join --merge group:mail \"One more message\""})
final class WakeCommand extends NodeVerb {
  private static final String GROUP = "group:";
  private static final List<String> POLICIES = Arrays.stream(Delivery.Policy.values()).map(p -> p.text()).toList();
  private static final List<String> SLOTS = Arrays.stream(Delivery.Slot.values()).map(s -> s.text()).toList();

  @Parameters(index = "0", paramLabel = "WORKER", description = "The worker's id.")
  String worker = "";

  @Parameters(index = "1..*", paramLabel = "TEXT",
      description = "What happened; standard input when absent, or at the place of a \"-\".")
  List<String> words = List.of();

  @Option(names = "--origin", paramLabel = "NAME", description = "Where it comes from. Default: cli.")
  String origin = "cli";

  @Option(names = "--sequence", paramLabel = "N",
      description = "The origin's own number of it; the same again is the same wake. Default: the time in milliseconds.")
  @Nullable
  Long sequence;

  @Option(names = "--event-type", paramLabel = "TYPE", description = "As in mail.received. Default: origin.wake.")
  @Nullable
  String eventType;

  @Option(names = "--dedupe-key", paramLabel = "KEY",
      description = "Equal for repetitions of one wake. Default: origin and sequence.")
  @Nullable
  String dedupeKey;

  @Option(names = "--cause", paramLabel = "TEXT", description = "What caused it, in the origin's words.")
  @Nullable
  String cause;

  @Option(names = "--delivery", paramLabel = "POLICY",
      description = "earliest_safe_boundary, which may be a checkpoint of the turn that runs, or after_current_turn_commit."
          + " Default: earliest_safe_boundary.")
  @Nullable
  String delivery;

  @Option(names = "--slot", paramLabel = "SLOT",
      description = "exclusive, or join, which shares a turn with its neighbours. Default: exclusive.")
  @Nullable
  String slot;

  @Option(names = "--merge", paramLabel = "KEY",
      description = "Which neighbours it joins: never, payload_default or group:NAME.")
  @Nullable
  String merge;

  @Option(names = "--not-before", paramLabel = "TIME",
      description = "When it may be taken: in 10m, 2h or 1d from now, or at an instant as 2026-11-21T15:00:00Z.")
  @Nullable
  String notBefore;

  @Option(names = "--key", paramLabel = "KEY",
      description = "Sent again under the same key, it is taken once. Default: the wake's dedupe key.")
  @Nullable
  String key;

  @Override
  public Integer call() {
    requireOneOf("--delivery", delivery, POLICIES);
    requireOneOf("--slot", slot, SLOTS);
    long number = sequence == null ? System.currentTimeMillis() : sequence;
    Instant available = availableAt();
    Json body = Json.object("origin", origin, "origin_sequence", number, "text", textOrStdin(words), "event_type",
        eventType, "dedupe_key", dedupeKey, "cause", cause, "delivery_policy", delivery, "slot_policy", slot,
        "merge_key", mergeKey(), "available_at", available == null ? null : available.toString());
    String sentUnder = key != null ? key : "wake:" + (dedupeKey != null ? dedupeKey : origin + ":" + number);
    Json batch = sent(body, sentUnder);
    output().one(output().isForPrograms() ? batch : QueueCommand.forPeople(batch), QueueCommand.FACTS);
    screen().whisper("follow its turn with: holdfast turn follow --worker " + worker);
    return ExitCode.OK;
  }

  private Json sent(Json body, String sentUnder) {
    try {
      return client().post("/api/v1/workers/" + Client.encoded(worker) + "/wakes", body, sentUnder);
    } catch (Refusal refusal) {
      String existing = refusal.fact("existing_batch_id");
      if (refusal.is(Reason.SOURCE_KEY_CONFLICT) && existing != null) {
        // A time that counts from now is another one at each call.
        refusal.told(existing + " was enqueued under " + sentUnder + " and differs in its text, time or policies")
            .next("holdfast queue list " + worker + ", or another --sequence or --key");
      }
      throw refusal;
    }
  }

  private static void requireOneOf(String option, @Nullable String value, List<String> values) {
    if (value != null && !values.contains(value)) {
      throw Refusal.of(Reason.INVALID_REQUEST, option + " is one of " + String.join(", ", values) + ", not " + value);
    }
  }

  private @Nullable Json mergeKey() {
    if (merge == null) {
      return null;
    }
    if (merge.startsWith(GROUP) && merge.length() > GROUP.length()) {
      return Json.object("kind", "group", "name", merge.substring(GROUP.length()));
    }
    if (!merge.equals("never") && !merge.equals(Delivery.PAYLOAD_DEFAULT)) {
      throw Refusal.of(Reason.INVALID_REQUEST,
          "--merge is never, payload_default or group: with a name, not " + merge);
    }
    return Json.object("kind", merge);
  }

  private @Nullable Instant availableAt() {
    if (notBefore == null) {
      return null;
    }
    try {
      return Instant.parse(notBefore);
    } catch (DateTimeParseException e) {
      return Instant.now().plus(KeyTimes.duration(notBefore));
    }
  }
}
