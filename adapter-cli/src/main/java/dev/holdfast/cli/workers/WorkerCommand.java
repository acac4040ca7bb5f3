package dev.holdfast.cli.workers;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.turns.SendCommand;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Workers. */
@Command(
    name = "worker",
    description = "Create workers, talk to them, look at them, end them.",
    subcommands = {
      CreateCommand.class, WorkerCommand.Listed.class, WorkerCommand.Show.class, SendCommand.class,
      TranscriptCommand.class, WorkerCommand.Stop.class, WorkerCommand.Cancel.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast worker create --task \"Summarise the release notes\"",
      "  holdfast worker send worker-00000001 \"Start with the storage changes\" --follow",
      "  holdfast worker transcript worker-00000001"})
public final class WorkerCommand {
  static final List<Column> FACTS = List.of(Column.of("worker", "worker_id"), Column.of("status", "status"),
      Column.of("activity", "activity"), Column.of("for", "for"), Column.of("profile", "profile_text"),
      Column.of("model", "model"), Column.of("execution", "execution"), Column.of("owner", "owner"),
      Column.of("created", "created_at"),
      Column.of("transcript", "transcript_len"), Column.of("open turn", "session.open_turn_id"),
      Column.of("pending inputs", "session.pending_input_count"), Column.of("last event", "last_event_id"));

  /** What a worker is for and which profile it has, each in one column, whatever kind they are of. */
  static Json forPeople(Json worker) {
    var members = worker.members();
    String profile = Verb.text(worker, "profile.name");
    if (profile != null) {
      boolean missing = Boolean.FALSE.equals(members.get("profile_resolved"));
      members.put("profile_text", missing ? profile + " (unknown to the node; its default is used)" : profile);
    }
    for (String member : List.of("intent.objective", "intent.role", "intent.purpose")) {
      String purpose = Verb.text(worker, member);
      if (purpose != null) {
        members.put("for", purpose);
        break;
      }
    }
    return Json.of(members);
  }

  /** All of them. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The workers, oldest first.",
      footer = {"", "Examples:", "  holdfast worker list --status running", "  holdfast worker ls -o name"})
  static final class Listed extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("WORKER", "worker_id"), Column.of("STATUS", "status"),
        Column.of("ACTIVITY", "activity"), Column.of("MODEL", "model"), Column.of("ENTRIES", "transcript_len"),
        Column.wide("OWNER", "owner"), Column.wide("EXECUTION", "execution"),
        Column.wide("LAST EVENT", "last_event_id"),
        Column.of("FOR", "for"));

    private static final List<String> STATUSES = List.of("running", "stopped", "cancelled", "quarantined");

    @Option(names = "--status", paramLabel = "STATUS", description = "running, stopped, cancelled or quarantined.")
    @Nullable
    String status;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 10000.")
    int limit = 10_000;

    @Override
    public Integer call() {
      if (status != null && !STATUSES.contains(status)) {
        throw Refusal.of(Reason.INVALID_REQUEST,
            "the status is one of " + String.join(", ", STATUSES) + ", not " + status);
      }
      List<Json> workers =
          items("/api/v1/workers" + (status == null ? "" : "?status=" + Client.encoded(status)), limit);
      output().list(output().isForPrograms() ? workers : workers.stream().map(WorkerCommand::forPeople).toList(),
          COLUMNS);
      return ExitCode.OK;
    }
  }

  /** One of them. */
  @Command(
      name = "show",
      description = "One worker, with its session.",
      footer = {"", "Examples:", "  holdfast worker show worker-00000001",
        "  holdfast worker show worker-00000001 -o json"})
  static final class Show extends NodeVerb {
    @Parameters(paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Override
    public Integer call() {
      Json found = client().object("/api/v1/workers/" + Client.encoded(worker));
      output().one(output().isForPrograms() ? found : forPeople(found), FACTS);
      return ExitCode.OK;
    }
  }

  /** The two ways to end one. */
  abstract static class Ending extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("worker", "worker_ref.worker_id"),
        Column.of("status", "status"), Column.of("event", "event_id"));

    @Parameters(paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "Why; it is kept with the event.")
    @Nullable
    String note;

    final int end(String how) {
      output().one(
          client().post("/api/v1/workers/" + Client.encoded(worker) + "/" + how, Json.object("note", note)), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** Lets the open turn end. */
  @Command(
      name = "stop",
      description = "Stop a worker: its waiting inputs are cancelled, its open turn may end.",
      footer = {"", "Examples:", "  holdfast worker stop worker-00000001 --note \"the release is out\""})
  static final class Stop extends Ending {
    @Override
    public Integer call() {
      return end("stop");
    }
  }

  /** Tells, with another status than stop, that its work is not wanted. */
  @Command(
      name = "cancel",
      description = "Cancel a worker: its waiting inputs are cancelled, its open turn may finish.",
      footer = {"", "Examples:", "  holdfast worker cancel worker-00000001"})
  static final class Cancel extends Ending {
    @Override
    public Integer call() {
      return end("cancel");
    }
  }
}
