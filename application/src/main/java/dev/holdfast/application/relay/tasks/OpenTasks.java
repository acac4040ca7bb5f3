package dev.holdfast.application.relay.tasks;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the node has in memory of tasks that haven't ended. */
final class OpenTasks {
  private final UnitsOfWork units;
  private final Relay relay;
  private final UsageLog usage;
  private final InstantSource clock;
  private final Map<String, Kept> byId = new ConcurrentHashMap<>();

  OpenTasks(UnitsOfWork units, Relay relay, UsageLog usage, InstantSource clock) {
    this.units = units;
    this.relay = relay;
    this.usage = usage;
    this.clock = clock;
  }

  void add(InferenceTask task, Viewer viewer) {
    byId.put(task.id(), new Kept(task, viewer, clock, usage));
  }

  /** Made anew behind a start; empty for a task that has ended, or is none. */
  Optional<Kept> of(String id) {
    Kept known = byId.get(id);
    return known != null ? Optional.of(known) : units.read(state -> state.task(id)).filter(task -> !task.hasEnded())
        .map(task -> byId.computeIfAbsent(id, _ -> new Kept(task, viewer(task), clock, usage)));
  }

  /**
   * In whose eyes a task's providers are looked for. Who asked saw the model, so where its subject alone sees none of it any
   * more, the key did.
   */
  Viewer viewer(InferenceTask task) {
    Kept known = byId.get(task.id());
    if (known != null) {
      return known.viewer;
    }
    Viewer owner = Viewer.of(task.owner());
    return relay.members(task.model(), owner).isEmpty() ? new Viewer(task.owner(), List.of(task.model()), false)
        : owner;
  }

  boolean has(String id) {
    return byId.containsKey(id);
  }

  void remove(String id, Kept of) {
    byId.remove(id, of);
  }

  /** By id, as they are now. */
  List<Map.Entry<String, Kept>> all() {
    return List.copyOf(byId.entrySet());
  }
}
