package dev.holdfast.cli.access;

import dev.holdfast.application.access.Keys;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Key;
import java.util.List;
import picocli.CommandLine.Command;

/** A way back in for who owns the machine. */
@Command(
    name = "recover",
    description = {
      "Make another admin key when the first is lost: on the node's own machine, as its user, with the node stopped. It is"
          + " written to keys/admin.key in the data directory, in the place of what is there, and the audit tells of it. Older"
          + " keys stay as they are; revoke the lost one."},
    footer = {
      "", "Examples:", "  holdfast key recover", "  holdfast key recover --data /srv/holdfast"})
final class KeyRecoverCommand extends Verb {
  private static final List<Column> FACTS = List.of(Column.of("key", "key_id"), Column.of("role", "role"),
      Column.of("subject", "subject"), Column.of("label", "label"), Column.of("key file", "key_file"));

  @Override
  public Integer call() {
    Settings settings = settings();
    try (Node node = StoppedNode.open(settings)) {
      Key key = node.use(Keys.class).recover(node.directory());
      output().one(Json.object("key_id", key.id(), "role", key.role().text(), "subject", key.subject(), "label",
          key.label(), "key_file", node.directory().adminKeyFile()), FACTS);
    }
    return ExitCode.OK;
  }
}
