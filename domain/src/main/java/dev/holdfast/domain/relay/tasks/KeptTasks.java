package dev.holdfast.domain.relay.tasks;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ProviderReads;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that are kept, as they come into the store and live there by {@link TaskRules} (spec R-24). A task is changed only as
 * what it was when the change was thought of; whoever comes later finds no such task.
 */
public final class KeptTasks {
  private static final int PAGE = 256;

  private KeptTasks() {}

  /**
   * A call that nobody waits for.
   *
   * @param path behind a provider's base address
   * @param request an object
   */
  public record Draft(String model, String path, Json request, boolean streaming) {
    /** As the provider is to get it, but for the model's name. */
    Json asked() {
      Map<String, @Nullable Object> members = new TreeMap<>(request.members());
      members.put("model", model);
      if (streaming) {
        members.put("stream", true);
      } else {
        members.remove("stream");
      }
      return Json.of(members);
    }

    /** Of all that was asked. */
    public String fingerprint() {
      return Json.object("model", model, "path", path, "request", request, "streaming", streaming).fingerprint();
    }
  }

  /** Who asks; {@code keyId} is null for the node itself. */
  public record Caller(Viewer viewer, @Nullable String keyId) {}

  /** @param digits that no other task was made with */
  public static <S extends TaskReads & ProviderReads> Decision<InferenceTask> enqueue(
      S state, String digits, Draft draft, Caller caller, Instant now) {
    if (state.providersOf(draft.model()).stream().noneMatch(caller.viewer()::sees)) {
      return Decision.refused(Reason.MODEL_NOT_FOUND);
    }
    return put(new InferenceTask(InferenceTask.idOf(digits), draft.model(), caller.viewer().subject(), caller.keyId(),
        draft.path(), draft.asked(), draft.streaming(), Mode.ASYNC, 0, new State.Pending(), now, null));
  }

  /** The task gets its next attempt, or task_not_found when it isn't pending. */
  public static Decision<InferenceTask> claim(
      TaskReads state, String id, String provider, @Nullable String publisher, Instant now) {
    return state.task(id).flatMap(task -> TaskRules.claim(task, provider, publisher, now)).map(KeptTasks::put)
        .orElseGet(() -> Decision.refused(Reason.TASK_NOT_FOUND));
  }

  /**
   * An attempt has ended, and the task with it or not.
   *
   * @param next what became of the task by its rules
   * @return task_not_found when that attempt isn't under way any more
   */
  public static Decision<InferenceTask> settle(TaskReads state, InferenceTask next) {
    return state.task(next.id()).filter(task -> task.attempt() != null && task.epoch() == next.epoch())
        .map(_ -> put(next)).orElseGet(() -> Decision.refused(Reason.TASK_NOT_FOUND));
  }

  /**
   * One that has ended stays as it is.
   *
   * @param owner whose tasks are known, or null for all
   */
  public static Decision<InferenceTask> cancel(TaskReads state, String id, @Nullable String owner, Instant now) {
    Optional<InferenceTask> found = find(state, id, owner);
    if (found.isEmpty()) {
      return Decision.refused(Reason.TASK_NOT_FOUND);
    }
    return found.get().hasEnded() ? Decision.unchanged(found.get()) : put(TaskRules.cancel(found.get(), now));
  }

  /** Another subject's task is an unknown one. */
  public static Optional<InferenceTask> find(TaskReads state, String id, @Nullable String owner) {
    return state.task(id).filter(task -> owner == null || task.owner().equals(owner));
  }

  /**
   * A node has started: what was under way when it stopped begins again (spec §11).
   *
   * @return the tasks that wait, in the order in which they were enqueued
   */
  public static Decision<List<InferenceTask>> restart(TaskReads state, Instant now) {
    List<InferenceTask> waiting = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (InferenceTask task : state.openTasks(Integer.MAX_VALUE)) {
      InferenceTask next = TaskRules.linkLost(task, false, now);
      if (task.attempt() != null) {
        changes.add(new TaskChange.Put(next));
      }
      waiting.add(next);
    }
    return changes.isEmpty() ? Decision.unchanged(waiting) : Decision.done(waiting, changes);
  }

  /**
   * What a sweep did (spec R-71).
   *
   * @param ended those whose time was over
   * @param deleted how many were forgotten
   */
  public record Swept(List<InferenceTask> ended, int deleted) {
    public Swept {
      ended = List.copyOf(ended);
    }
  }

  public static Decision<Swept> sweep(TaskReads state, Instant now) {
    List<InferenceTask> ended = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    int deleted = 0;
    String after = "";
    for (List<InferenceTask> page = state.tasks(after, PAGE, null); !page.isEmpty(); page =
        state.tasks(after, PAGE, null)) {
      for (InferenceTask task : page) {
        after = task.id();
        InferenceTask at = TaskRules.at(task, now);
        if (at.hasEnded() && !task.hasEnded()) {
          ended.add(at);
          changes.add(new TaskChange.Put(at));
        } else if (TaskRules.isForgotten(task, now)) {
          deleted++;
          changes.add(new TaskChange.Deleted(task.id()));
        }
      }
    }
    var swept = new Swept(ended, deleted);
    return changes.isEmpty() ? Decision.unchanged(swept) : Decision.done(swept, changes);
  }

  private static Decision<InferenceTask> put(InferenceTask task) {
    return Decision.done(task, List.of(new TaskChange.Put(task)));
  }
}
