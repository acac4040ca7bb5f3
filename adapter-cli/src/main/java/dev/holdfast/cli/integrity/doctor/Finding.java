package dev.holdfast.cli.integrity.doctor;

import dev.holdfast.domain.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one check found.
 *
 * @param fix the next command, where there is something to mend
 */
record Finding(Level level, String found, @Nullable String fix) {

  /** How bad it is: as it should be, worth a look, in the way. */
  enum Level {
    OK,
    WARN,
    FAIL
  }

  static Finding ok(String found) {
    return new Finding(Level.OK, found, null);
  }

  static Finding warn(String found, @Nullable String fix) {
    return new Finding(Level.WARN, found, fix);
  }

  static Finding fail(String found, @Nullable String fix) {
    return new Finding(Level.FAIL, found, fix);
  }

  Json json(String check) {
    return Json.object("check", check, "level", level.name().toLowerCase(Locale.ROOT), "found", found, "fix", fix);
  }
}
