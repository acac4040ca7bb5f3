package dev.holdfast.cli.access;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caller's key (spec A-104): the file that is named, by flag, variable, context or configuration, else the admin key of
 * the data directory, which is only ever shown to a node on this machine.
 */
public final class KeyLookup {
  private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

  private KeyLookup() {}

  /** What a user has to know of the key that is used, or of one that isn't. */
  public static List<String> warnings(Settings settings) {
    List<String> warnings = new ArrayList<>();
    String unused = settings.unusedKey();
    if (unused != null) {
      warnings.add(unused);
    }
    String named = settings.value(Settings.Name.KEY_FILE);
    if (named != null && isOpen(Path.of(named))) {
      warnings.add("others can read the key file " + named + "; close it with: chmod 600 " + named);
    }
    return warnings;
  }

  private static boolean isOpen(Path file) {
    try {
      return !Files.isDirectory(file) && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains);
    } catch (IOException | UnsupportedOperationException e) {
      // Where it can't be read, the command says so by itself.
      return false;
    }
  }

  /** @return the key's text, or null when there is none to be found */
  public static @Nullable String find(Settings settings) {
    requireMeant(settings);
    String named = settings.value(Settings.Name.KEY_FILE);
    if (named != null) {
      return read(Path.of(named));
    }
    Path admin = adminKeyFile(settings);
    return isLoopback(settings.required(Settings.Name.URL)) && Files.isReadable(admin) ? read(admin) : null;
  }

  /** Who chose a context for this command means its key, and would act as somebody else with any other. */
  private static void requireMeant(Settings settings) {
    String unused = settings.unusedKey();
    if (unused != null && settings.isContextOfCommand()) {
      throw Refusal.of(Reason.MISSING_KEY, unused)
          .next("the same command with --key-file and a key of that node, or without one of --context and --url");
    }
  }

  public static Path adminKeyFile(Settings settings) {
    return Path.of(settings.required(Settings.Name.DATA), "keys", "admin.key");
  }

  public static boolean isLoopback(String url) {
    String host = URI.create(url).getHost();
    return host != null && LOOPBACK.contains(host);
  }

  /** @throws Refusal when it can't be read */
  public static String read(Path file) {
    if (Files.isDirectory(file)) {
      throw Refusal.of(Reason.MISSING_KEY, "the key file " + file + " is a folder");
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw Refusal.of(Reason.MISSING_KEY, "the key file " + file + " can't be read");
    }
  }
}
