package dev.holdfast.domain.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputKind;
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
abstract class MemoryInputs extends MemoryQueue implements InputReads {
  private static final String ALL = "#all";
  private static final String PENDING = "#pending";
  private static final String HELD = "#held";

  private final Map<InputId, Input> inputs = new HashMap<>();
  private final Map<WorkerId, Map<String, InputId>> bySourceKey = new HashMap<>();

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
      case InputChange.Moved(InputId id, _, InputState state) -> input(id).ifPresent(known -> put(known.in(state)));
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
    int pending = workQueue(session).pendingInputs();
    if (pending > 0) {
      put(workQueue(session).plusPending(-pending));
    }
  }

  private void put(Input input) {
    Input before = inputs.put(input.id(), input);
    if (before != null) {
      unshelve(before.state().text(), before);
      unshelve(PENDING, before);
      unshelve(HELD, before);
    }
    shelve(input.state().text(), input);
    if (input.state().isPending()) {
      shelve(PENDING, input);
    }
    if (input.state() instanceof InputState.Claimed || input.state() instanceof InputState.Accepted) {
      shelve(HELD, input);
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
  public final boolean hasPendingUserInput(WorkerId session) {
    return pending(session)
        .anyMatch(input -> input.kind() == InputKind.USER && input.state() instanceof InputState.Deferred);
  }

  @Override
  public final List<Input> pendingInputs(WorkerId session, int limit) {
    return pending(session).limit(limit).toList();
  }

  @Override
  public final List<Input> nextTurnInputs(WorkerId session, int limit) {
    return pending(session).filter(input -> input.state() instanceof InputState.Deferred).limit(limit).toList();
  }

  @Override
  public final List<Input> activeInputs(WorkerId session, TurnId turn, Boundary checkpoint, int limit) {
    return pending(session).filter(input -> input.state() instanceof InputState.Pending(TurnId waitsFor, Boundary from)
        && waitsFor.equals(turn) && from.admitsAt(checkpoint)).limit(limit).toList();
  }

  @Override
  public final List<Input> heldInputs(WorkerId session) {
    return shelf(session, HELD).values().stream().map(inputs::get).map(Objects::requireNonNull).toList();
  }

  @Override
  public final List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state) {
    return shelf(session, state == null ? ALL : state).tailMap(after, false).values().stream()
        .limit(limit).map(inputs::get).map(Objects::requireNonNull).toList();
  }
}
