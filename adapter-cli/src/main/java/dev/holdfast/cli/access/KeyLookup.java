package dev.holdfast.cli.access;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caller's key (spec A-104): the file that is named, else the admin key of the data directory, which is only ever
 * shown to a node on this machine.
 */
public final class KeyLookup {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

  private KeyLookup() {}

  /** @return the key's text, or null when there is none to be found */
  public static @Nullable String find(Settings settings) {
    String named = settings.value(Settings.Name.KEY_FILE);
    if (named != null) {
      return read(Path.of(named));
    }
    Path admin = adminKeyFile(settings);
    return isLoopback(settings.required(Settings.Name.URL)) && Files.isReadable(admin) ? read(admin) : null;
  }

  static Path adminKeyFile(Settings settings) {
    return Path.of(settings.required(Settings.Name.DATA), "keys", "admin.key");
  }

  static boolean isLoopback(String url) {
    String host = URI.create(url).getHost();
    return host != null && LOOPBACK.contains(host);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw Refusal.of(Reason.MISSING_KEY, "the key file " + file + " can't be read");
    }
  }
}
