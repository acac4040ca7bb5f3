package dev.holdfast.cli.integrity.store;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.Backups;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.access.StoppedNode;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.backups.Backup;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A copy to go back to. */
@Command(
    name = "backup",
    description = {
      "Make a backup of all that a node keeps, while it works or when it is stopped.",
      "",
      "It is a folder in backup/ of the data directory, with keys and audit key in it: keep it as safe as the data directory, and"
          + " a copy of it on another disk. It counts only once it was opened again, and its rows were summed up."},
    footer = {
      "", "Examples:",
      "  holdfast store backup --label \"before the upgrade\"",
      "  holdfast store backup --data /srv/holdfast -o json"})
final class StoreBackupCommand extends NodeVerb {
  private static final List<Column> FACTS = List.of(Column.of("backup", "backup_id"), Column.of("records", "records"),
      Column.of("digest", "digest"), Column.of("folder", "location"));
  /** It is read and written twice before there is an answer. */
  private static final int LONG_S = 3_600;
  private static final int NAME_DIGITS = 32;

  @Option(names = "--label", paramLabel = "TEXT", description = "What it is for, at most 200 characters.")
  @Nullable
  String label;

  @Override
  public Integer call() {
    Settings settings = settings();
    Json made = StoreAt.isNode(settings) ? byNode(settings) : inFolder(settings);
    output().one(made, FACTS);
    return ExitCode.OK;
  }

  private Json byNode(Settings settings) {
    if (!settings.isExplicit(Settings.Name.TIMEOUT)) {
      settings.flag(Settings.Name.TIMEOUT, LONG_S);
    }
    screen().await("the node makes the backup");
    return client().post("/api/v1/store/backup", Json.object("label", label));
  }

  private Json inFolder(Settings settings) {
    StoppedNode.requireDirectory(settings);
    try (Node node = Backends.ofDirectory(settings, Map.of())) {
      Backups backups = node.use(Backups.class);
      screen().await("copying");
      Backup made = backups.make(Audited.local(node.use(Ids.class).hex(NAME_DIGITS), "store.backup"), label,
          rows -> screen().await("summed up " + rows + " records"));
      return Json.object("backup_id", made.id(), "digest", made.sum().digest().text(), "records", made.sum().records(),
          "location", backups.location(made));
    }
  }
}
