package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.relay.PublicProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a provider's key where the provider says it is, at each call, and keeps it nowhere. */
final class Credentials {
  private static final String ENV = "env:";
  private static final String FILE = "file:";
  private static final int MAX_BYTES = 16 * 1024;
  /** What can stand in a header. */
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,8192}");

  private Credentials() {}

  /** There should be a key, and there is none that could be sent. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String place) {
      super(place.startsWith(ENV)
          ? "the environment variable " + place.substring(ENV.length()) + " holds no key where the node runs"
          : "the file of the provider's key can't be read or holds no key");
    }

    /** Names the variable, never a path or what was found. */
    String note() {
      return String.valueOf(getMessage());
    }
  }

  /** @return null when the provider needs none */
  static @Nullable String read(PublicProvider provider) throws Unreadable {
    String place = provider.credential();
    if (place == null) {
      return null;
    }
    String key = place.startsWith(ENV)
        ? System.getenv(place.substring(ENV.length()))
        : file(place.substring(FILE.length()));
    if (key == null || !KEY.matcher(key.strip()).matches()) {
      throw new Unreadable(place);
    }
    return key.strip();
  }

  private static @Nullable String file(String name) {
    try {
      Path path = Path.of(name);
      return Files.size(path) > MAX_BYTES ? null : Files.readString(path);
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
