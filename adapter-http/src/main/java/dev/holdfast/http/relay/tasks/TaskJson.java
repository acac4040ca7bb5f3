package dev.holdfast.http.relay.tasks;

import dev.holdfast.application.relay.tasks.InferenceTasks;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.Attempt;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.http.Wire;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tasks as they are shown. */
final class TaskJson {
  private TaskJson() {}

  /** The states by their names on the wire. */
  enum Name {
    PENDING,
    CLAIMED,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    static Name of(InferenceTask task) {
      return switch (task.state()) {
        case State.Pending _ -> PENDING;
        case State.Claimed _ -> CLAIMED;
        case State.Running _ -> RUNNING;
        case State.Completed _ -> COMPLETED;
        case State.Failed _ -> FAILED;
        case State.Cancelled _ -> CANCELLED;
      };
    }
  }

  /** In a list: without what was asked and answered. */
  static Json brief(InferenceTasks.Shown shown) {
    return Json.of(members(shown));
  }

  /** @param content whether what was asked and answered may be shown */
  static Json whole(InferenceTasks.Shown shown, boolean content) {
    Map<String, @Nullable Object> members = members(shown);
    if (content) {
      members.put("request", shown.task().request());
      if (shown.task().state() instanceof State.Completed(_, Json body, _, _)) {
        members.put("body", body == null ? null : body.value());
      }
    }
    members.values().removeIf(value -> value == null);
    return Json.of(members);
  }

  private static Map<String, @Nullable Object> members(InferenceTasks.Shown shown) {
    InferenceTask task = shown.task();
    Map<String, @Nullable Object> members = new TreeMap<>();
    members.put("task_id", task.id());
    members.put("model", task.model());
    members.put("owner", task.owner());
    members.put("kind", TaskBody.kind(task.path()));
    members.put("streaming", task.streaming());
    members.put("state", Wire.of(Name.of(task)));
    members.put("enqueued_at", Wire.at(task.enqueuedAt()));
    members.put("deadline_at", task.hasEnded() ? null : at(task.deadline()));
    members.put("ended_at", at(task.endedAt()));
    members.put("epoch", task.epoch());
    members.put("attempt", attempt(task.attempt()));
    switch (task.state()) {
      case State.Completed done -> {
        members.put("status", done.status());
        members.put("attempt", attempt(done.by()));
      }
      case State.Failed failed -> {
        members.put("reason", failed.reason().code());
        members.put("note", failed.note());
        members.put("attempt", attempt(failed.by()));
      }
      case State.Cancelled cancelled -> members.put("attempt", attempt(cancelled.by()));
      case State.Pending _ -> {
        members.put("queue_position", shown.place() == 0 ? null : shown.place());
        members.put("wait_estimate_s", shown.estimate() == null ? null : shown.estimate().toSeconds());
        members.put("is_possible", shown.isPossible());
      }
      case State.Claimed _,State.Running _ -> {
        // The attempt tells all.
      }
    }
    InferenceTasks.Stages cancel = shown.cancel();
    members.put("cancel", cancel == null ? null : Json.object("requested", true, "delivered", cancel.delivered(),
        "acknowledged", cancel.acknowledged(), "released", cancel.released()));
    members.values().removeIf(value -> value == null);
    return members;
  }

  private static @Nullable Json attempt(@Nullable Attempt attempt) {
    return attempt == null ? null : Json.object("epoch", attempt.epoch(), "provider", attempt.provider(), "executed_by",
        attempt.publisher() == null ? "node" : attempt.publisher(), "claimed_at", Wire.at(attempt.claimedAt()),
        "last_chunk", attempt.lastChunk());
  }

  private static @Nullable String at(@Nullable Instant instant) {
    return instant == null ? null : Wire.at(instant);
  }

  /** How a stream of a task ends. */
  static Json end(InferenceTask task) {
    return Json.object("state", Wire.of(Name.of(task)), "reason",
        task.state() instanceof State.Failed failed ? failed.reason().code() : null);
  }
}
