package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The engines and their processes.
 *
 * @param coveredFrame number of the last frame of the journal that is part of it
 */
public record EngineTable(long coveredFrame, List<Engine> engines) {
  public static final EngineTable EMPTY = new EngineTable(0, List.of());

  public EngineTable {
    Texts.requireAtLeast(coveredFrame, 0, "a frame number");
    engines = List.copyOf(engines);
    Set<String> ids = new HashSet<>();
    engines.forEach(engine -> {
      if (!ids.add(engine.id())) {
        throw new IllegalArgumentException("twice: " + engine.id());
      }
    });
  }

  /** Where an engine is in its life. */
  public enum Status {
    STOPPED,
    STARTING,
    READY,
    DRAINING,
    BACKING_OFF,
    FAILED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it has a process. */
    public boolean isLive() {
      return this == STARTING || this == READY || this == DRAINING;
    }
  }

  /** @param processStart with the pid names the process, as the operating system tells it; null without one */
  public record Engine(String id, @Nullable Long pid, @Nullable String processStart, String runId, Status status) {
    public Engine {
      Texts.requireText(id, 200, "an engine id");
      Texts.requireText(runId, 200, "a run id");
    }

    Json json() {
      return Json.object("engine_id", id, "pid", pid, "process_start", processStart, "run_id", runId, "status",
          status.text());
    }

    static Engine read(JsonMembers members) {
      String id = members.text("engine_id");
      Long pid = members.optionalLong("pid");
      String start = members.optionalText("process_start");
      String run = members.text("run_id");
      Status status = members.constant("status", Status.class);
      return members.checked("engine_id", () -> new Engine(id, pid, start, run, status));
    }
  }

  public Json json() {
    return Json.object("covered_frame", coveredFrame, "engines", engines.stream().map(Engine::json).toList());
  }

  /** The inverse of {@link #json}. */
  public static EngineTable read(JsonMembers members) {
    long covered = members.whole("covered_frame");
    List<Engine> engines = members.objects("engines", Engine::read);
    members.end();
    return members.checked("engines", () -> new EngineTable(covered, engines));
  }
}
