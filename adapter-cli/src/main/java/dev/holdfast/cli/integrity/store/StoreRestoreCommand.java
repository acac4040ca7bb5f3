package dev.holdfast.cli.integrity.store;

import dev.holdfast.application.integrity.StoreCopy;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.access.StoppedNode;
import dev.holdfast.cli.wiring.Inspection;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.backups.BackupRestoring;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Back to a backup. */
@Command(
    name = "restore",
    description = {
      "Make a data directory of a backup. Each file is compared with its hash, and the rows with the backup's sum, before the"
          + " directory gets its place.",
      "",
      "Only a folder that isn't there, or is empty, is taken: move a damaged one out of the way first. Its node goes on from the"
          + " moment of the backup; no node may use what it replaces any more."},
    footer = {
      "", "Examples:",
      "  mv ~/.local/share/holdfast ~/damaged",
      "  holdfast store restore ~/damaged/backup/backup-20261121T201500Z-0a1b2c3d",
      "  holdfast store restore /mnt/backups/backup-20261121T201500Z-0a1b2c3d --data /srv/holdfast",
      "  holdfast store restore /mnt/backups/backup-20261121T201500Z-0a1b2c3d --verify"})
final class StoreRestoreCommand extends Verb {
  private static final List<Column> FACTS = List.of(Column.of("backup", "backup_id"), Column.of("made", "created_at"),
      Column.of("label", "label"), Column.of("backend", "backend"), Column.of("records", "records"),
      Column.of("digest", "digest"), Column.of("data", "data"));

  @Parameters(paramLabel = "FOLDER", description = "The backup's folder.")
  String backup = "";

  @Option(names = "--verify", description = "Only compare the files of the backup with what it says of them.")
  boolean verify;

  @Override
  public Integer call() {
    Settings settings = settings();
    String directory = settings.required(Settings.Name.DATA);
    BackupRestoring restoring = Inspection.of(settings.store(), directory).restoring();
    screen().await("reading the backup");
    Backup found = restoring.verified(backup);
    if (!verify) {
      screen().await("copying");
      String staged = restoring.stage(backup, directory);
      try (Node node = StoppedNode.open(settings().flag(Settings.Name.DATA, staged), found.backend(), Map.of())) {
        StoreCopy.compare(node.use(Store.class), found.sum(),
            records -> screen().await("compared " + records + " of " + found.sum().records() + " records"));
      }
      restoring.adopt(directory);
    }
    Json shown = found.json();
    var members = shown.members();
    members.remove("files");
    members.put("data", verify ? null : directory);
    output().one(Json.of(members), FACTS);
    if (!verify) {
      screen().talk("start its node with --store " + found.backend() + " --data " + directory);
    }
    return ExitCode.OK;
  }
}
