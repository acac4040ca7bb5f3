package dev.holdfast.cli.access;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.domain.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What was done on the node and what was refused, by whom. */
@Command(
    name = "audit",
    description = "See who did what on the node, and check that nobody has changed the record of it.",
    subcommands = {AuditCommand.Listed.class, AuditCommand.Head.class, AuditVerifyCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast audit list --action key.create",
      "  holdfast audit head                          note it elsewhere, now and then",
      "  holdfast audit verify --head 1234:MAC        with a head that was noted"})
public final class AuditCommand {

  /** The records. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The records, oldest first: the newest 50, or, with --after or a filter, all that fit.",
      footer = {
        "", "Examples:",
        "  holdfast audit list",
        "  holdfast audit list --subject ann --limit 100",
        "  holdfast audit list --after 0 --limit 1000000 -o ndjson > audit.ndjson"})
  static final class Listed extends NodeVerb {
    private static final int NEWEST = 50;
    private static final List<Column> COLUMNS = List.of(Column.of("SEQ", "seq"), Column.of("AT", "at"),
        Column.of("ACTION", "action"), Column.of("STATUS", "status"), Column.of("REASON", "reason"),
        Column.of("SUBJECT", "subject"), Column.of("ROLE", "role"), Column.of("KEY", "key_id"),
        Column.of("TARGET", "target"), Column.of("FROM", "from"), Column.wide("COUNT", "count"),
        Column.wide("REQUEST", "request_id"),
        Column.wide("CLIENT'S REQUEST", "client_request_id"), Column.wide("MAC", "mac"));

    @Option(names = "--subject", paramLabel = "NAME", description = "Only of this subject.")
    @Nullable
    String subject;

    @Option(names = "--action", paramLabel = "NOUN.VERB", description = "Only of this action, as in key.create.")
    @Nullable
    String action;

    @Option(names = "--after", paramLabel = "SEQ", description = "Only behind this record; 0 for all.")
    @Nullable
    Long after;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 10000.")
    int limit = 10_000;

    @Override
    public Integer call() {
      long start = after == null ? usualStart() : after;
      var path = new StringBuilder("/api/v1/audit");
      if (subject != null) {
        path.append("?subject=").append(Client.encoded(subject));
      }
      if (action != null) {
        path.append(subject == null ? '?' : '&').append("action=").append(Client.encoded(action));
      }
      output().list(items(path.toString(), limit, start == 0 ? "" : Long.toString(start)), COLUMNS);
      return ExitCode.OK;
    }

    private long usualStart() {
      if (subject != null || action != null) {
        return 0;
      }
      String seq = Objects.requireNonNullElse(text(client().object("/api/v1/audit/head"), "seq"), "0");
      return Math.max(0, Long.parseLong(seq) - NEWEST);
    }
  }

  /** The newest record. */
  @Command(
      name = "head",
      description = {
        "The newest record's number and seal, as one word. Noted elsewhere, it later proves that nothing before it was cut"
            + " off or changed."},
      footer = {"", "Examples:", "  holdfast audit head >> ~/notes/holdfast-heads"})
  static final class Head extends NodeVerb {
    @Override
    public Integer call() {
      Json head = client().object("/api/v1/audit/head");
      if (output().isForPrograms()) {
        output().document(head);
      } else {
        screen().line(word(head));
      }
      return ExitCode.OK;
    }

    static String word(Json head) {
      return text(head, "seq") + ":" + text(head, "mac");
    }
  }
}
