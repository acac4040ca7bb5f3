package dev.holdfast.domain.turns;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.retention.Pruned;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a turn's model call is shown (spec T-51). */
public final class ContextRules {
  private static final int PAGE = 64;

  private ContextRules() {}

  /**
   * The profile's instructions; the turns before it since the session's context start, in commit order; then the turn itself.
   * Each turn is its start, then commit by commit the entries and what was taken in there; the turn itself ends with what it
   * has claimed and not yet committed. Inputs that wait or were cancelled are never in it.
   *
   * <p>Inputs of responses bring more along: see {@link GivenContext}.
   *
   * @param instructions the first item where they are given, in the role system; no entry of the transcript
   * @param maxCharacters more is refused as context_too_large before it is held in memory
   */
  public static Outcome<List<ContextItem>> context(
      TurnReads state, Turn turn, @Nullable String instructions, long maxCharacters) {
    var context = new Context(state, turn.session(), maxCharacters);
    String first = context.given ? instructionsOf(state, turn) : instructions;
    if (first != null) {
      context.add(TranscriptEntry.Role.SYSTEM, first);
    }
    // Turns end in the order of their indexes. One from before a reset stands alone, whoever looks at it later.
    long after = Math.min(state.session(turn.session()).contextStart(), turn.index() - 1);
    while (after < turn.index()) {
      List<Turn> page = state.turns(turn.session(), after, (int) Math.min(PAGE, turn.index() - after));
      for (Turn one : page) {
        context.add(one);
        if (context.isTooLarge()) {
          return Outcome.refused(Reason.CONTEXT_TOO_LARGE);
        }
      }
      after = page.getLast().index();
    }
    if (turn.isOpen()) {
      context.addHeld(turn);
    }
    return context.isTooLarge() ? Outcome.refused(Reason.CONTEXT_TOO_LARGE) : new Outcome.Done<>(context.items);
  }

  /** Those of the newest input that opened the turn. */
  private static @Nullable String instructionsOf(TurnReads state, Turn turn) {
    return turn.inputs().isEmpty()
        ? null
        : state.input(turn.inputs().getLast()).map(input -> GivenContext.of(input).instructions()).orElse(null);
  }

  private static final class Context {
    private final TurnReads state;
    private final boolean given;
    private final WorkerId session;
    private final long maxCharacters;
    private final List<ContextItem> items = new ArrayList<>();
    private long characters;

    Context(TurnReads state, WorkerId session, long maxCharacters) {
      this.state = state;
      this.given = state.worker(session).filter(GivenContext::isWith).isPresent();
      this.session = session;
      this.maxCharacters = maxCharacters;
    }

    boolean isTooLarge() {
      return characters > maxCharacters;
    }

    void add(TranscriptEntry.Role role, String content) {
      characters += content.length();
      if (!isTooLarge()) {
        items.add(new ContextItem(role, content));
      }
    }

    void add(Turn turn) {
      turn.start().inputs().forEach(this::add);
      turn.start().batches().forEach(this::add);
      List<TranscriptEntry> entries = state.entriesOf(turn.id());
      Iterator<Admission> admissions = state.admissions(turn.id()).iterator();
      int next = 0;
      while (admissions.hasNext()) {
        Admission admission = admissions.next();
        while (next < entries.size() && entries.get(next).eventId() <= admission.eventId()) {
          add(entries.get(next).role(), entries.get(next++).content());
        }
        admission.inputs().forEach(this::add);
        admission.batches().forEach(this::add);
      }
      for (TranscriptEntry entry : entries.subList(next, entries.size())) {
        add(entry.role(), entry.content());
      }
    }

    private void add(InputId id) {
      if (given) {
        state.input(id)
            .ifPresent(input -> GivenContext.of(input).items().forEach(item -> add(item.role(), item.content())));
      }
      state.entryOf(id).ifPresentOrElse(entry -> add(entry.role(), entry.content()), this::requirePruned);
    }

    private void add(Input input) {
      if (given) {
        GivenContext.of(input).items().forEach(item -> add(item.role(), item.content()));
      }
      add(input.kind().role(), input.content());
    }

    private void add(BatchId id) {
      state.taken(id).ifPresentOrElse(this::add, this::requirePruned);
    }

    /** Forgotten commands are gone, and what the turns of a worker that has ended were shown; nothing else is ever missing. */
    private void requirePruned() {
      Pruned gone = state.pruned(session);
      if (gone.transcript() == 0 && gone.work() == 0) {
        throw new IllegalStateException("what a turn of " + session.value() + " took isn't there");
      }
    }

    /** A wake appears as a system item, and makes no entry of the transcript (spec T-50). */
    private void add(Batch batch) {
      for (Payload item : batch.items()) {
        switch (item) {
          case Payload.Wake wake -> add(TranscriptEntry.Role.SYSTEM, wake.asMessage());
          case Payload.Command _ -> {
            // Commands are no part of turns.
          }
        }
      }
    }

    void addHeld(Turn turn) {
      long generation = state.lease(turn.session()).generation();
      for (Input input : state.heldInputs(turn.session())) {
        if (input.state() instanceof InputState.Accepted(TurnId of, _, var claim) && of.equals(turn.id())
            && claim.generation() == generation) {
          add(input);
        }
      }
      state.claimedBatches(turn.session(), generation).stream().filter(batch -> turn.id().equals(batch.turn()))
          .forEach(this::add);
    }
  }
}
