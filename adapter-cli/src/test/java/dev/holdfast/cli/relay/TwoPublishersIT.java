package dev.holdfast.cli.relay;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** On SQLite. */
class TwoPublishersIT extends TwoPublishers {
  TwoPublishersIT(@TempDir Path temp) throws IOException {
    super(temp, "sqlite");
  }
}
