package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One launch of the node.
 *
 * @param checkpoints in the order of the steps, each step at most once
 * @param previous the launch before this one and how it ended, null for the first
 */
public record LaunchTransaction(
    String runId, Status status, List<Checkpoint> checkpoints, @Nullable Previous previous) {
  public LaunchTransaction {
    Texts.requireText(runId, 200, "a run id");
    checkpoints = List.copyOf(checkpoints);
    for (int i = 1; i < checkpoints.size(); i++) {
      if (checkpoints.get(i - 1).step().compareTo(checkpoints.get(i).step()) >= 0) {
        throw new IllegalArgumentException(checkpoints.get(i).step().text() + " stands behind a later step");
      }
    }
  }

  /** How a launch goes or went. */
  public enum Status {
    ACTIVE,
    READY,
    FAILED,
    CANCELLED,
    /** Its process ended in the middle of it, and a later run found it so. */
    RECONCILED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** @param evidence hash of what the step found or made */
  public record Checkpoint(LaunchStep step, ContentHash evidence, Instant at) {
    Json json() {
      return Json.object("name", step.text(), "evidence", evidence.text(), "at", Texts.instant(at));
    }

    static Checkpoint read(JsonMembers members) {
      return new Checkpoint(members.constant("name", LaunchStep.class), members.parsed("evidence", ContentHash::new),
          members.instant("at"));
    }
  }

  public record Previous(String runId, Status status) {
    Json json() {
      return Json.object("run_id", runId, "status", status.text());
    }

    static Previous read(JsonMembers members) {
      var previous = new Previous(members.text("run_id"), members.constant("status", Status.class));
      members.end();
      return previous;
    }
  }

  LaunchTransaction in(Status next) {
    return new LaunchTransaction(runId, next, checkpoints, previous);
  }

  public Json json() {
    return Json.object("run_id", runId, "status", status.text(), "checkpoints",
        checkpoints.stream().map(Checkpoint::json).toList(), "previous", previous == null ? null : previous.json());
  }

  /** The inverse of {@link #json}. */
  public static LaunchTransaction read(JsonMembers members) {
    String run = members.text("run_id");
    Status status = members.constant("status", Status.class);
    List<Checkpoint> checkpoints = members.objects("checkpoints", Checkpoint::read);
    JsonMembers before = members.optionalObject("previous");
    Previous previous = before == null ? null : Previous.read(before);
    members.end();
    return members.checked("checkpoints", () -> new LaunchTransaction(run, status, checkpoints, previous));
  }
}
