package dev.holdfast.cli.access;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Reason;
import java.nio.file.Files;
import java.nio.file.Path;

/** The node of a data directory that no node runs on: its own user needs no key for it (spec A-66). */
final class StoppedNode {
  private StoppedNode() {}

  /** Holds the directory until it is closed; nothing is launched on it. */
  static Node open(Settings settings) {
    String data = settings.required(Settings.Name.DATA);
    // Opening would make one.
    if (!Files.isDirectory(Path.of(data))) {
      throw Refusal.of(Reason.INVALID_REQUEST, "there is no data directory at " + data + "; name it with --data");
    }
    return Node.open(new Node.Settings(settings.store(), data, "127.0.0.1", 0, true));
  }
}
