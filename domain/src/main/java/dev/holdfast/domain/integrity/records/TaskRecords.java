package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.Attempt;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Publishers, which are kept without their secrets, the tasks that they are given, and what calls used. */
public final class TaskRecords {
  private static final Constants<InferenceTask.Mode> MODES =
      Constants.of(InferenceTask.Mode.class, InferenceTask.Mode::text);
  private static final Constants<Reason> REASONS = Constants.of(Reason.class, Reason::code);

  public static final Codec<Publisher> PUBLISHER = new Codec<>((out, publisher) -> {
    out.text("id", publisher.id());
    out.text("owner", publisher.owner());
    out.text("secret_hash", publisher.secretHash());
    out.optionalText("label", publisher.label());
    out.time("created_at", publisher.createdAt());
    out.time("last_seen_at", publisher.lastSeenAt());
    out.number("links_opened", publisher.linksOpened());
  }, in -> new Publisher(in.text("id"), in.text("owner"), in.text("secret_hash"), in.optionalText("label"),
      in.time("created_at"), in.time("last_seen_at"), in.number("links_opened")));

  private static final Codec<Attempt> ATTEMPT = new Codec<>((out, attempt) -> {
    out.number("epoch", attempt.epoch());
    out.text("provider", attempt.provider());
    out.optionalText("publisher", attempt.publisher());
    out.time("claimed_at", attempt.claimedAt());
    out.number("last_chunk", attempt.lastChunk());
  }, in -> new Attempt(in.count("epoch"), in.text("provider"), in.optionalText("publisher"), in.time("claimed_at"),
      in.number("last_chunk")));

  static final List<Choice.Option<? extends State>> STATES = List.of(
      option(1, "pending", new State.Pending()),
      option(2, "claimed", State.Claimed.class, ATTEMPT.as(State.Claimed::attempt, State.Claimed::new)),
      option(3, "running", State.Running.class, ATTEMPT.as(State.Running::attempt, State.Running::new)),
      option(4, "completed", State.Completed.class, new Codec<>((out, end) -> {
        out.number("status", end.status());
        out.optionalJson("body", end.body());
        out.record("by", ATTEMPT, end.by());
        out.time("at", end.at());
      }, in -> new State.Completed(in.count("status"), in.optionalJson("body"), in.record("by", ATTEMPT),
          in.time("at")))),
      option(5, "failed", State.Failed.class, new Codec<>((out, end) -> {
        out.constant("reason", REASONS, end.reason());
        out.optionalText("note", end.note());
        out.optionalRecord("by", ATTEMPT, end.by());
        out.time("at", end.at());
      }, in -> new State.Failed(in.constant("reason", REASONS), in.optionalText("note"),
          in.optionalRecord("by", ATTEMPT), in.time("at")))),
      option(6, "cancelled", State.Cancelled.class, new Codec<>((out, end) -> {
        out.optionalRecord("by", ATTEMPT, end.by());
        out.time("at", end.at());
      }, in -> new State.Cancelled(in.optionalRecord("by", ATTEMPT), in.time("at")))));

  private static final Codec<State> STATE = Choice.of("state", STATES);

  public static final Codec<InferenceTask> TASK = new Codec<>(TaskRecords::write, TaskRecords::readTask);

  public static final Codec<UsageRecord> USAGE = new Codec<>(TaskRecords::write, TaskRecords::readUsage);

  static final Codec<String> ID = new Codec<>((out, id) -> out.text("id", id), in -> in.text("id"));

  private TaskRecords() {}

  private static void write(RecordOut out, InferenceTask task) {
    out.text("id", task.id());
    out.text("model", task.model());
    out.text("owner", task.owner());
    out.optionalText("key", task.key());
    out.text("path", task.path());
    out.json("request", task.request());
    out.bool("streaming", task.streaming());
    out.constant("mode", MODES, task.mode());
    out.number("epoch", task.epoch());
    out.record("state", STATE, task.state());
    out.time("enqueued_at", task.enqueuedAt());
    out.optionalTime("deadline", task.deadline());
  }

  private static InferenceTask readTask(RecordIn in) {
    return new InferenceTask(in.text("id"), in.text("model"), in.text("owner"), in.optionalText("key"), in.text("path"),
        in.json("request"), in.bool("streaming"), in.constant("mode", MODES), in.count("epoch"),
        in.record("state", STATE),
        in.time("enqueued_at"), in.optionalTime("deadline"));
  }

  private static void write(RecordOut out, UsageRecord usage) {
    out.number("seq", usage.seq());
    out.time("at", usage.at());
    out.text("request", usage.request());
    out.optionalText("key", usage.key());
    out.text("model", usage.model());
    out.optionalText("provider", usage.provider());
    out.constant("mode", MODES, usage.mode());
    out.text("outcome", usage.outcome());
    out.number("input_tokens", usage.inputTokens());
    out.number("output_tokens", usage.outputTokens());
    out.bool("estimated", usage.estimated());
    Duration first = usage.firstToken();
    out.optionalNumber("first_token_us", first == null ? null : first.toNanos() / 1_000);
    out.number("total_us", usage.total().toNanos() / 1_000);
  }

  private static UsageRecord readUsage(RecordIn in) {
    return new UsageRecord(in.number("seq"), in.time("at"), in.text("request"), in.optionalText("key"),
        in.text("model"), in.optionalText("provider"), in.constant("mode", MODES), in.text("outcome"),
        in.number("input_tokens"), in.number("output_tokens"), in.bool("estimated"),
        micros(in.optionalNumber("first_token_us")), Duration.ofNanos(in.number("total_us") * 1_000));
  }

  private static @Nullable Duration micros(@Nullable Long value) {
    return value == null ? null : Duration.ofNanos(value * 1_000);
  }
}
