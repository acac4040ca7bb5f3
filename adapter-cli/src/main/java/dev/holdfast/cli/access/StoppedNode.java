package dev.holdfast.cli.access;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The node of a data directory that no node runs on: its own user needs no key for it (spec A-66). */
public final class StoppedNode {
  private static final Pattern PROCESS = Pattern.compile("process ([0-9]+)");

  private StoppedNode() {}

  /** Holds the directory until it is closed; nothing is launched on it. */
  static Node open(Settings settings) {
    return open(settings, settings.store(), Map.of());
  }

  /**
   * As {@link #open(Settings)}, whatever backend the settings name.
   *
   * @param more properties of the node's configuration
   * @throws StoreException when it can't be opened, as with schema_mismatch where it is of another backend
   */
  public static Node open(Settings settings, String backend, Map<String, Object> more) {
    // Opening would make one.
    String data = requireDirectory(settings);
    try {
      return Node.open(new Node.Settings(backend, data, "127.0.0.1", 0, true), more);
    } catch (StoreException failure) {
      if (failure.reason() == Reason.DATA_DIR_LOCKED) {
        throw Refusal.of(failure).next(stopping(String.valueOf(failure.getMessage())));
      }
      throw failure;
    }
  }

  /** The folder that the settings name, which must be there. */
  public static String requireDirectory(Settings settings) {
    String data = settings.required(Settings.Name.DATA);
    if (!Files.isDirectory(Path.of(data))) {
      throw Refusal.of(Reason.INVALID_REQUEST, "there is no data directory at " + data + "; name it with --data")
          .next("the same command with --data and the node's own");
    }
    return data;
  }

  private static String stopping(String message) {
    Matcher process = PROCESS.matcher(message);
    return process.find() ? "kill " + process.group(1) + ", and the same command once that node has ended"
        : "the same command once the other node has ended";
  }
}
