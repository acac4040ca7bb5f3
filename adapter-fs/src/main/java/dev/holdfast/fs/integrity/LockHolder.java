package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a data directory, as the holder wrote it into the lock file for those who come later.
 *
 * @param command the program's file; its arguments may hold a user's text and are left out
 */
record LockHolder(long pid, String startedAt, String command) {

  static LockHolder self(Instant now) {
    ProcessHandle.Info self = ProcessHandle.current().info();
    Instant started = self.startInstant().orElse(now).truncatedTo(ChronoUnit.MILLIS);
    return new LockHolder(ProcessHandle.current().pid(), started.toString(), self.command().orElse("unknown"));
  }

  String text() {
    return Json.object("pid", pid, "started_at", startedAt, "command", command).text() + "\n";
  }

  /** Whether the process of a lock file's entry still runs: the number alone may be another's by now. */
  static boolean isAlive(String lockFileText) {
    try {
      Map<String, @Nullable Object> members = Json.parse(lockFileText).members();
      return members.get("pid") instanceof Long pid && members.get("started_at") instanceof String started
          && ProcessHandle.of(pid).flatMap(found -> found.info().startInstant())
              .filter(at -> at.truncatedTo(ChronoUnit.MILLIS).toString().equals(started)).isPresent();
    } catch (JsonException e) {
      return false;
    }
  }

  /** A sentence for a message; the holder may be about to write its entry, so anything may be read here. */
  static String describe(String lockFileText) {
    try {
      Map<String, @Nullable Object> members = Json.parse(lockFileText).members();
      if (members.get("pid") instanceof Long pid && members.get("started_at") instanceof String started) {
        return "process " + pid + ", started " + started;
      }
    } catch (JsonException e) {
      return "another process";
    }
    return "another process";
  }
}
