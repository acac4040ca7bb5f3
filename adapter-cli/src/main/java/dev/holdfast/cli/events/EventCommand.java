package dev.holdfast.cli.events;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Output;
import dev.holdfast.domain.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The feed. */
@Command(
    name = "event",
    description = "Read the feed: everything that happened, in order.",
    subcommands = {EventCommand.Listed.class, EventCommand.Follow.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  holdfast event list", "  holdfast event follow --worker worker-00000001"})
public final class EventCommand {
  private static final List<Column> COLUMNS = List.of(Column.of("ID", "id"), Column.of("AT", "at"),
      Column.of("NAME", "name"), Column.of("WORKER", "worker_ref.worker_id"), Column.of("DATA", "data"),
      Column.wide("ACTOR", "actor"), Column.of("NOTE", "note"));

  /** What has happened. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The events so far, oldest first.",
      footer = {
        "", "Examples:",
        "  holdfast event list",
        "  holdfast event list --worker worker-00000001 --limit 20 -o ndjson"})
  static final class Listed extends NodeVerb {
    private static final int PAGE = 256;

    @Option(names = "--worker", paramLabel = "WORKER", description = "Only this worker's.")
    @Nullable
    String worker;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Begin there. Default: at the first.")
    @Nullable
    String cursor;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 1000.")
    int limit = 1_000;

    @Override
    public Integer call() {
      List<Json> events = new ArrayList<>();
      String from = cursor;
      while (true) {
        Json page = client().object("/api/v1/events?limit=" + Math.min(PAGE, limit - events.size())
            + query("worker_id", worker) + query("cursor", from));
        if (page.members().get("gap") instanceof Map<?, ?> gap) {
          events.add(row(gap));
        }
        events.addAll(list(page, "events"));
        from = text(page, "cursor");
        if (!"true".equals(text(page, "has_more")) || events.size() >= limit) {
          output().list(events, COLUMNS);
          return ExitCode.OK;
        }
      }
    }
  }

  /** What happens. */
  @Command(
      name = "follow",
      description = "The events as they happen, across restarts of the node. Ctrl-C ends it.",
      footer = {
        "", "Examples:",
        "  holdfast event follow                                what happens from now on",
        "  holdfast event follow --all -o ndjson                everything, from the first event on"})
  static final class Follow extends NodeVerb {
    @Option(names = "--worker", paramLabel = "WORKER", description = "Only this worker's.")
    @Nullable
    String worker;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Begin there. Default: now.")
    @Nullable
    String cursor;

    @Option(names = "--all", description = "Begin with the first event.")
    boolean all;

    @Override
    public Integer call() {
      String from = cursor != null
          ? cursor
          : text(client().object("/api/v1/events/cursor?at=" + (all ? "start" : "now")), "cursor");
      Output output = output();
      stream("/api/v1/events/stream?" + (query("worker_id", worker) + query("cursor", from)).substring(1))
          .read((name, event) -> {
            output.row(name.equals("gap") ? row(event.members()) : event, COLUMNS);
            return true;
          });
      return ExitCode.OK;
    }
  }

  /** What isn't there any more, in the place where it was. */
  private static Json row(Map<?, ?> gap) {
    Object why = gap.get("why");
    return Json.object("name", "gap", "from_id", gap.get("from_id"), "to_id", gap.get("to_id"), "why", why, "note",
        "events " + gap.get("from_id") + " to " + gap.get("to_id") + " are not there any more: " + why);
  }

  private static String query(String name, @Nullable String value) {
    return value == null ? "" : "&" + name + "=" + Client.encoded(value);
  }
}
