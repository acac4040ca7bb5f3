package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The durable tasks that are open.
 *
 * @param coveredFrame number of the last frame of the journal that is part of it
 */
public record TaskLedger(long coveredFrame, List<Task> tasks) {
  public static final TaskLedger EMPTY = new TaskLedger(0, List.of());

  public TaskLedger {
    Texts.requireAtLeast(coveredFrame, 0, "a frame number");
    tasks = List.copyOf(tasks);
    Set<String> ids = new HashSet<>();
    tasks.forEach(task -> {
      if (!ids.add(task.id())) {
        throw new IllegalArgumentException("twice: " + task.id());
      }
    });
  }

  /** What has become of a task. */
  public enum Status {
    PENDING,
    COMMITTED,
    FAILED_RETRYABLE,
    FAILED_TERMINAL;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** @param epoch of the publisher's link that it was given to, from 0 */
  public record Task(String id, long epoch, String runId, Status status) {
    public Task {
      Texts.requireText(id, 200, "a task id");
      Texts.requireAtLeast(epoch, 0, "an epoch");
      Texts.requireText(runId, 200, "a run id");
    }

    Json json() {
      return Json.object("task_id", id, "epoch", epoch, "run_id", runId, "status", status.text());
    }

    static Task read(JsonMembers members) {
      String id = members.text("task_id");
      long epoch = members.whole("epoch");
      String run = members.text("run_id");
      Status status = members.constant("status", Status.class);
      return members.checked("task_id", () -> new Task(id, epoch, run, status));
    }
  }

  public Json json() {
    return Json.object("covered_frame", coveredFrame, "tasks", tasks.stream().map(Task::json).toList());
  }

  /** The inverse of {@link #json}. */
  public static TaskLedger read(JsonMembers members) {
    long covered = members.whole("covered_frame");
    List<Task> tasks = members.objects("tasks", Task::read);
    members.end();
    return members.checked("tasks", () -> new TaskLedger(covered, tasks));
  }
}
