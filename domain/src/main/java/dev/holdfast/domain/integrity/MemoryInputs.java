package dev.holdfast.domain.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputQueue;
import dev.holdfast.domain.turns.inputs.InputReads;
import dev.holdfast.domain.turns.inputs.InputState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fold over the changes of inputs. */
abstract class MemoryInputs extends MemoryCatalogue implements InputReads {
  private static final String ALL = "#all";
  private static final String PENDING = "#pending";

  private final Map<InputId, Input> inputs = new HashMap<>();
  private final Map<WorkerId, Map<String, InputId>> bySourceKey = new HashMap<>();
  private final Map<WorkerId, InputQueue> queues = new HashMap<>();

  /** Per session and kind of shelf (all, pending, or a state's text) the inputs by enqueue_seq; empty ones are removed. */
  private final Map<WorkerId, Map<String, NavigableMap<Long, InputId>>> shelves = new TreeMap<>();

  final void apply(InputChange change) {
    switch (change) {
      case InputChange.Accepted(Input input) -> {
        append(input.entry());
        if (input.sourceKey() != null) {
          bySourceKey.computeIfAbsent(input.session(), _ -> new HashMap<>()).put(input.sourceKey(), input.id());
        }
        shelve(ALL, input);
        put(input);
      }
      case InputChange.Moved(Input moved) -> {
        Input known = inputs.get(moved.id());
        put(known == null ? moved : known.in(moved.state()));
      }
      case InputChange.QueuePut(InputQueue queue) -> queues.put(queue.session(), queue);
      case InputChange.PendingCancelled(WorkerId session) -> {
        List<WorkerId> sessions = session == null ? List.copyOf(shelves.keySet()) : List.of(session);
        sessions.forEach(this::cancelPending);
      }
    }
  }

  private void cancelPending(WorkerId session) {
    for (Input input : List.copyOf(pendingInputs(session, Integer.MAX_VALUE))) {
      put(input.in(new InputState.Cancelled()));
    }
    InputQueue queue = inputQueue(session);
    if (queue.pending() > 0) {
      queues.put(session, queue.minus(queue.pending()));
    }
  }

  private void put(Input input) {
    Input before = inputs.put(input.id(), input);
    if (before != null) {
      unshelve(before.state().text(), before);
      unshelve(PENDING, before);
    }
    shelve(input.state().text(), input);
    if (input.state().isPending()) {
      shelve(PENDING, input);
    }
    workChanged(input.session());
  }

  private void shelve(String shelf, Input input) {
    shelves.computeIfAbsent(input.session(), _ -> new HashMap<>())
        .computeIfAbsent(shelf, _ -> new TreeMap<>()).put(input.enqueueSeq(), input.id());
  }

  private void unshelve(String shelf, Input input) {
    shelf(input.session(), shelf).remove(input.enqueueSeq());
  }

  private NavigableMap<Long, InputId> shelf(WorkerId session, String shelf) {
    return shelves.getOrDefault(session, Map.of()).getOrDefault(shelf, new TreeMap<>());
  }

  /** Called after what a session may have to do has changed. */
  abstract void workChanged(WorkerId session);

  final Stream<Input> pending(WorkerId session) {
    return shelf(session, PENDING).values().stream().map(inputs::get).map(Objects::requireNonNull);
  }

  @Override
  public final Optional<Input> input(InputId id) {
    return Optional.ofNullable(inputs.get(id));
  }

  @Override
  public final Optional<Input> inputBySourceKey(WorkerId session, String sourceKey) {
    return Optional.ofNullable(bySourceKey.getOrDefault(session, Map.of()).get(sourceKey)).map(inputs::get);
  }

  @Override
  public final InputQueue inputQueue(WorkerId session) {
    return queues.getOrDefault(session, InputQueue.empty(session));
  }

  @Override
  public final boolean hasPendingUserInput(WorkerId session) {
    return pending(session).anyMatch(input -> input.kind() == InputKind.USER);
  }

  @Override
  public final List<Input> pendingInputs(WorkerId session, int limit) {
    return pending(session).limit(limit).toList();
  }

  @Override
  public final List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state) {
    return shelf(session, state == null ? ALL : state).tailMap(after, false).values().stream()
        .limit(limit).map(inputs::get).map(Objects::requireNonNull).toList();
  }
}
