package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;

import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import dev.holdfast.domain.workers.retention.Pruned;
import java.util.List;

/** Workers, the requests that made them, and what makes a repeated call a replay. */
public final class WorkerRecords {
  private static final Constants<WorkerStatus> STATUSES = Constants.of(WorkerStatus.class, WorkerStatus::text);
  private static final Constants<Execution> EXECUTIONS = Constants.of(Execution.class);

  static final List<Choice.Option<? extends WorkerIntent>> INTENTS = List.of(
      option(1, "assistant", WorkerIntent.Assistant.class,
          new Codec<>((out, intent) -> out.optionalText("purpose", intent.purpose()),
              in -> new WorkerIntent.Assistant(in.optionalText("purpose")))),
      option(2, "task", WorkerIntent.Task.class,
          new Codec<>((out, intent) -> out.text("objective", intent.objective()),
              in -> new WorkerIntent.Task(in.text("objective")))),
      option(3, "role", WorkerIntent.Role.class, new Codec<>((out, intent) -> {
        out.text("role", intent.role());
        out.optionalText("purpose", intent.purpose());
      }, in -> new WorkerIntent.Role(in.text("role"), in.optionalText("purpose")))));

  static final List<Choice.Option<? extends ProfileSelector>> PROFILES = List.of(
      option(1, "runtime_default", new ProfileSelector.RuntimeDefault()),
      option(2, "builtin", ProfileSelector.Builtin.class,
          new Codec<>((out, profile) -> out.text("name", profile.name()),
              in -> new ProfileSelector.Builtin(in.text("name")))),
      option(3, "named", ProfileSelector.Named.class,
          new Codec<>((out, profile) -> out.text("name", profile.name()),
              in -> new ProfileSelector.Named(in.text("name")))));

  private static final Codec<WorkerIntent> INTENT = Choice.of("kind", INTENTS);
  private static final Codec<ProfileSelector> PROFILE = Choice.of("kind", PROFILES);

  private static final Codec<CreateWorker.Capability> CAPABILITY = new Codec<>((out, capability) -> {
    out.text("name", capability.name());
    out.optionalText("note", capability.note());
  }, in -> new CreateWorker.Capability(in.text("name"), in.optionalText("note")));

  private static final Codec<CreateWorker.Reference> REFERENCE = new Codec<>((out, reference) -> {
    out.text("name", reference.name());
    out.text("reference", reference.reference());
  }, in -> new CreateWorker.Reference(in.text("name"), in.text("reference")));

  public static final Codec<Worker> WORKER = new Codec<>(WorkerRecords::write, WorkerRecords::read);

  /** The members have the names that callers send. */
  public static final Codec<CreateWorker> REQUEST =
      new Codec<>(WorkerRecords::writeRequest, WorkerRecords::readRequest);

  public static final Codec<Remembered> REMEMBERED = new Codec<>((out, remembered) -> {
    out.text("scope", remembered.scope());
    out.text("key", remembered.key());
    out.text("fingerprint", remembered.fingerprint());
    out.text("object", remembered.object());
    out.time("at", remembered.at());
  }, in -> new Remembered(in.text("scope"), in.text("key"), in.text("fingerprint"), in.text("object"), in.time("at")));

  static final Codec<Pruned> PRUNED = new Codec<>((out, pruned) -> {
    out.number("worker", pruned.worker().number());
    out.number("transcript", pruned.transcript());
    out.number("work", pruned.work());
    out.number("batches", pruned.batches());
    out.number("output", pruned.output());
  }, in -> new Pruned(IdFields.worker(in, "worker"), in.number("transcript"), in.number("work"),
      in.number("batches"), in.number("output")));

  static final Codec<WorkerChange.Created> CREATED = new Codec<>((out, created) -> {
    out.record("worker", WORKER, created.worker());
    out.record("request", REQUEST, created.request());
  }, in -> new WorkerChange.Created(in.record("worker", WORKER), in.record("request", REQUEST)));

  static final Codec<WorkerChange.Moved> MOVED = new Codec<>((out, moved) -> {
    out.number("id", moved.id().number());
    out.constant("status", STATUSES, moved.status());
    out.number("transcript_length", moved.transcriptLength());
    out.number("last_event_id", moved.lastEventId());
  }, in -> new WorkerChange.Moved(IdFields.worker(in, "id"), in.constant("status", STATUSES),
      in.number("transcript_length"), in.number("last_event_id")));

  private WorkerRecords() {}

  private static void write(RecordOut out, Worker worker) {
    out.number("id", worker.id().number());
    out.text("owner", worker.owner());
    out.constant("status", STATUSES, worker.status());
    out.record("intent", INTENT, worker.intent());
    out.record("profile", PROFILE, worker.profile());
    out.optionalText("model", worker.model());
    out.constant("execution", EXECUTIONS, worker.execution());
    out.number("capability_count", worker.capabilityCount());
    out.bool("has_config_bundle", worker.hasConfigBundle());
    out.number("transcript_length", worker.transcriptLength());
    out.number("last_event_id", worker.lastEventId());
    out.time("created_at", worker.createdAt());
  }

  private static Worker read(RecordIn in) {
    return new Worker(IdFields.worker(in, "id"), in.text("owner"), in.constant("status", STATUSES),
        in.record("intent", INTENT), in.record("profile", PROFILE), in.optionalText("model"),
        in.constant("execution", EXECUTIONS), in.count("capability_count"), in.bool("has_config_bundle"),
        in.number("transcript_length"), in.number("last_event_id"), in.time("created_at"));
  }

  private static void writeRequest(RecordOut out, CreateWorker request) {
    out.record("intent", INTENT, request.intent());
    out.record("profile", PROFILE, request.profile());
    out.optionalText("model", request.model());
    out.constant("execution", EXECUTIONS, request.execution());
    out.optionalText("config_bundle", request.configBundle());
    out.list("requested_capabilities", CAPABILITY, request.capabilities());
    out.list("workspace_refs", REFERENCE, request.workspaces());
    out.list("mount_refs", REFERENCE, request.mounts());
  }

  private static CreateWorker readRequest(RecordIn in) {
    return new CreateWorker(in.record("intent", INTENT), in.record("profile", PROFILE), in.optionalText("model"),
        in.constant("execution", EXECUTIONS), in.optionalText("config_bundle"),
        in.list("requested_capabilities", CAPABILITY), in.list("workspace_refs", REFERENCE),
        in.list("mount_refs", REFERENCE));
  }
}
