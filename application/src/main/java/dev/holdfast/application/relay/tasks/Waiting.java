package dev.holdfast.application.relay.tasks;

import dev.holdfast.domain.relay.tasks.InferenceTask;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tasks that wait for a provider, by model, in the order in which they were enqueued. */
final class Waiting {
  // Guarded by this.
  private final Map<String, TreeSet<Entry>> byModel = new TreeMap<>();
  private final Map<String, Entry> byId = new HashMap<>();

  record Entry(String id, String model, String owner, Instant enqueuedAt) implements Comparable<Entry> {
    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::enqueuedAt).thenComparing(Entry::id);

    @Override
    public int compareTo(Entry other) {
      return ORDER.compare(this, other);
    }
  }

  synchronized void add(InferenceTask task) {
    var entry = new Entry(task.id(), task.model(), task.owner(), task.enqueuedAt());
    byId.put(entry.id(), entry);
    byModel.computeIfAbsent(entry.model(), _ -> new TreeSet<>()).add(entry);
  }

  synchronized void remove(String id) {
    Entry entry = byId.remove(id);
    if (entry != null) {
      byModel.computeIfPresent(entry.model(), (_, entries) -> {
        entries.remove(entry);
        return entries.isEmpty() ? null : entries;
      });
    }
  }

  synchronized boolean isEmpty() {
    return byId.isEmpty();
  }

  synchronized List<Entry> inOrder(String model) {
    return List.copyOf(byModel.getOrDefault(model, new TreeSet<>()));
  }

  synchronized List<String> models() {
    return List.copyOf(byModel.keySet());
  }

  synchronized Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    byModel.forEach((model, entries) -> counts.put(model, entries.size()));
    return counts;
  }

  /** From 1; 0 for a task that doesn't wait. */
  synchronized int place(String id) {
    Entry entry = byId.get(id);
    return entry == null ? 0 : byModel.getOrDefault(entry.model(), new TreeSet<>()).headSet(entry, true).size();
  }
}
