package dev.holdfast.cli.access;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import java.util.List;
import picocli.CommandLine.Command;

/** What the caller's key is. */
@Command(
    name = "whoami",
    description = "Show which key you speak with, and its role.",
    footer = {"", "Examples:", "  holdfast whoami", "  holdfast whoami --key-file ~/team.key -o json"})
public final class WhoamiCommand extends NodeVerb {
  private static final List<Column> COLUMNS = List.of(Column.of("key", "key_id"), Column.of("role", "role"),
      Column.of("subject", "subject"), Column.of("content", "content"), Column.of("label", "label"),
      Column.of("models", "models"), Column.of("max in flight", "limits.max_in_flight"),
      Column.of("requests per minute", "limits.requests_per_minute"), Column.of("created", "created_at"),
      Column.of("expires", "expires_at"), Column.of("node", "node_version"));

  @Override
  public Integer call() {
    output().one(client().object("/api/v1/whoami"), COLUMNS);
    return ExitCode.OK;
  }
}
