package dev.holdfast.application.relay.admission;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Who waits for each model, in the order of coming. Whoever uses it holds a lock. */
final class Queues {
  /** None is empty. */
  private final Map<String, Set<Waiting>> byModel = new HashMap<>();

  boolean isEmpty(String model) {
    return !byModel.containsKey(model);
  }

  int size(String model) {
    return of(model).size();
  }

  /** In the order of coming, as they are now; they may be removed meanwhile. */
  List<Waiting> inOrder(String model) {
    return List.copyOf(of(model));
  }

  private Set<Waiting> of(String model) {
    return byModel.getOrDefault(model, Set.of());
  }

  void add(String model, Waiting waiting) {
    Set<Waiting> queue = byModel.computeIfAbsent(model, _ -> new LinkedHashSet<>());
    queue.add(waiting);
    waiting.at(queue.size());
  }

  void remove(String model, Waiting waiting) {
    byModel.computeIfPresent(model, (_, queue) -> {
      if (queue.remove(waiting)) {
        waiting.at(0);
        int place = 0;
        for (Waiting behind : queue) {
          behind.at(++place);
        }
      }
      return queue.isEmpty() ? null : queue;
    });
  }

  boolean any(String model, Predicate<Waiting> which) {
    return of(model).stream().anyMatch(which);
  }

  /** The models for which such a one waits. */
  List<String> models(Predicate<Waiting> which) {
    List<String> models = new ArrayList<>();
    byModel.forEach((model, queue) -> {
      if (queue.stream().anyMatch(which)) {
        models.add(model);
      }
    });
    return models;
  }

  Collection<Waiting> all() {
    return byModel.values().stream().flatMap(Set::stream).toList();
  }
}
