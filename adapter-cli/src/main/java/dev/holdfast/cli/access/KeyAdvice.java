package dev.holdfast.cli.access;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Settings.Name;
import dev.holdfast.domain.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What to say of the key that a node refused: which file it came from, and how to look at the same one. */
public final class KeyAdvice {
  private static final List<Reason> WRONG = List.of(Reason.INVALID_KEY, Reason.KEY_REVOKED, Reason.KEY_EXPIRED);

  private KeyAdvice() {}

  /** Adds to a refusal what only the one who called knows. */
  public static void advise(Refusal refusal, Settings settings) {
    if (WRONG.stream().anyMatch(refusal::is)) {
      refusal.noting("the key is the one in " + file(settings));
    } else if (refusal.is(Reason.MISSING_KEY) && settings.value(Name.KEY_FILE) == null) {
      missing(refusal, settings);
    } else if (refusal.is(Reason.ROLE_NOT_ALLOWED) || refusal.is(Reason.CONTENT_NOT_ALLOWED)) {
      refusal.otherwise("holdfast whoami" + said(settings) + ", and a key of another role");
    }
  }

  private static Path file(Settings settings) {
    String named = settings.value(Name.KEY_FILE);
    return named == null ? KeyLookup.adminKeyFile(settings) : Path.of(named);
  }

  private static void missing(Refusal refusal, Settings settings) {
    if (!KeyLookup.isLoopback(settings.required(Name.URL))) {
      return;
    }
    Path admin = KeyLookup.adminKeyFile(settings);
    if (!Files.isReadable(admin)) {
      refusal.noting("no key file is named, and there is none at " + admin + " that you can read");
      refusal.otherwise("the same command with --key-file, or with --data and the node's data directory; if the key is"
          + " lost: stop the node, then holdfast key recover");
    }
  }

  /** The flags that led to the key, for another command. */
  private static String said(Settings settings) {
    var flags = new StringBuilder();
    for (Name name : List.of(Name.CONTEXT, Name.URL, Name.KEY_FILE, Name.CA_FILE)) {
      if (settings.isFlag(name)) {
        flags.append(' ').append(name.flag()).append(' ').append(Settings.shown(name.text(), settings.required(name)));
      }
    }
    return flags.toString();
  }
}
