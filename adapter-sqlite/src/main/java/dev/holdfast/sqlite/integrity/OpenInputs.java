package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The inputs that haven't ended, as the writer last saw them: most are taken and completed a moment after they were accepted,
 * and then none of it has to be read again. What doesn't fit is forgotten, session by session.
 */
final class OpenInputs {
  private static final int MAX_CHARACTERS = 4_000_000;
  /** An entry's own cost. */
  private static final int OVERHEAD = 200;

  /** By id, which is their order. */
  private static final class OfSession {
    final TreeMap<Long, Input> inputs = new TreeMap<>();
    boolean heldKnown;
  }

  private final Map<WorkerId, OfSession> sessions = new LinkedHashMap<>(256, 0.75f, true);
  private final Map<InputId, Input> byId = new HashMap<>();
  private long characters;

  /** The input as it is now; one that has ended is forgotten. */
  void put(Input input) {
    boolean ended = input.state() instanceof InputState.Completed || input.state() instanceof InputState.Cancelled;
    OfSession session = sessions.get(input.session());
    Input before = ended ? byId.remove(input.id()) : byId.put(input.id(), input);
    characters += (ended ? 0 : cost(input)) - (before == null ? 0 : cost(before));
    if (!ended) {
      session(input.session()).inputs.put(input.id().number(), input);
      trim();
    } else if (session != null) {
      session.inputs.remove(input.id().number());
    }
  }

  /** The input's state is another now. */
  void move(InputId id, WorkerId sessionId, InputState state) {
    Input known = byId.get(id);
    OfSession session = sessions.get(sessionId);
    if (known != null) {
      put(known.in(state));
    } else if (session != null) {
      // It may be held now, and isn't among those that are kept.
      session.heldKnown = false;
    }
  }

  private OfSession session(WorkerId id) {
    return sessions.computeIfAbsent(id, _ -> {
      characters += OVERHEAD;
      return new OfSession();
    });
  }

  private static int cost(Input input) {
    return input.content().length() + OVERHEAD;
  }

  private void trim() {
    while (characters > MAX_CHARACTERS) {
      forget(sessions.keySet().iterator().next());
    }
  }

  Optional<Input> input(InputId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * All that wait, by number, when they are known: what is known here waits, so it is all when it is as many.
   *
   * @param pending how many wait
   */
  Optional<List<Input>> waiting(WorkerId id, int pending) {
    OfSession session = sessions.get(id);
    if (session == null || session.inputs.size() < pending) {
      return Optional.empty();
    }
    List<Input> waiting = session.inputs.values().stream().filter(input -> input.state().isPending()).toList();
    return Optional.of(waiting).filter(found -> found.size() == pending);
  }

  /** All that are claimed or accepted, by number, when they are known. */
  Optional<List<Input>> held(WorkerId id) {
    OfSession session = sessions.get(id);
    return session == null || !session.heldKnown
        ? Optional.empty()
        : Optional.of(session.inputs.values().stream().filter(input -> input.state() instanceof InputState.Claimed
            || input.state() instanceof InputState.Accepted).toList());
  }

  /** These are all that are claimed or accepted. */
  void putHeld(WorkerId id, List<Input> held) {
    session(id).heldKnown = true;
    held.forEach(this::put);
    trim();
  }

  void forget(WorkerId id) {
    OfSession session = sessions.remove(id);
    if (session != null) {
      characters -= OVERHEAD;
      for (Input input : session.inputs.values()) {
        byId.remove(input.id());
        characters -= cost(input);
      }
    }
  }

  void clear() {
    sessions.clear();
    byId.clear();
    characters = 0;
  }
}
