package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.turns.timeline.Holder;
import dev.holdfast.domain.Json;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sessions, which are what turns keep of a worker. */
@Command(
    name = "session",
    description = "Look at a worker's session: what it does, who holds it, what waits in it.",
    subcommands = SessionCommand.Show.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  holdfast session show worker-00000001"})
public final class SessionCommand {

  /** One of them. */
  @Command(
      name = "show",
      description = {
        "One worker's session.", "",
        "Its activity is idle, queued (something waits and no turn is open), running, or interrupted (a turn is open and nobody"
            + " works on it)."},
      footer = {"", "Examples:", "  holdfast session show worker-00000001",
        "  holdfast session show worker-00000001 -o json"})
  static final class Show extends NodeVerb {
    private static final List<Column> FACTS = List.of(Column.of("session", "session_id"),
        Column.of("activity", "activity"), Column.of("open turn", "open_turn_id"), Column.of("lease", "held"),
        Column.of("generation", "lease.generation"), Column.of("turns", "turn_index"),
        Column.of("head revision", "head_revision"), Column.of("tokens", "tokens"),
        Column.of("pending inputs", "counts.pending_inputs"), Column.of("queued work", "counts.queued_work"));

    @Parameters(paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Override
    public Integer call() {
      Json found = client().object("/api/v1/sessions/" + Client.encoded(worker));
      output().one(output().isForPrograms() ? found : forPeople(found), FACTS);
      String open = text(found, "open_turn_id");
      if (open != null) {
        screen().whisper("see what it does with: holdfast turn show " + open);
      }
      return ExitCode.OK;
    }

    private static Json forPeople(Json found) {
      var members = found.members();
      members.put("held", new Holder(found).text(Instant.now()));
      String in = text(found, "usage.input_tokens");
      if (in != null) {
        members.put("tokens", in + " in, " + text(found, "usage.output_tokens") + " out");
      }
      return Json.of(members);
    }
  }
}
