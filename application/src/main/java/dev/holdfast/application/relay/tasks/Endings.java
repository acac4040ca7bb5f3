package dev.holdfast.application.relay.tasks;

import dev.holdfast.domain.relay.tasks.InferenceTask;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tasks that ended lately: how long they took, and the last of what was streamed, for who comes a little late. */
final class Endings {
  private static final int RINGS = 16;
  private static final int MODELS = 1_000;
  /** How much the newest task counts in the usual time of a model's. */
  private static final double NEWEST = 0.2;

  // Guarded by this.
  private final Map<String, TaskRing> rings = new LinkedHashMap<>();
  private final Map<String, Double> millisOf = new LinkedHashMap<>();

  synchronized void add(InferenceTask task, TaskRing ring) {
    rings.put(task.id(), ring);
    shorten(rings, RINGS);
    if (task.state() instanceof InferenceTask.State.Completed(_, _, InferenceTask.Attempt by, var at)) {
      double took = Duration.between(by.claimedAt(), at).toMillis();
      millisOf.merge(task.model(), took, (usual, newest) -> usual + NEWEST * (newest - usual));
      shorten(millisOf, MODELS);
    }
  }

  private static void shorten(Map<String, ?> map, int most) {
    if (map.size() > most) {
      map.remove(map.keySet().iterator().next());
    }
  }

  synchronized Optional<TaskRing> ring(String id) {
    return Optional.ofNullable(rings.get(id));
  }

  /** As if the tasks of a model were worked on one by one; null before one of it has ended. */
  synchronized @Nullable Duration estimate(String model, int place) {
    Double millis = millisOf.get(model);
    return millis == null ? null : Duration.ofMillis(Math.round(millis * place));
  }
}
