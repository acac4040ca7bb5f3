package dev.holdfast.cli.relay;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** On the filesystem's store. */
@EnabledIfSystemProperty(named = TwoPublishers.ALL, matches = "true",
    disabledReason = "it runs in the nightly profile")
class TwoPublishersOnFilesIT extends TwoPublishers {
  TwoPublishersOnFilesIT(@TempDir Path temp) throws IOException {
    super(temp, "filesystem");
  }
}
