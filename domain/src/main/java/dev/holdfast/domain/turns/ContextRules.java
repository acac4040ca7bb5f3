package dev.holdfast.domain.turns;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a turn's model call is shown (spec T-51). */
public final class ContextRules {
  private static final int PAGE = 64;

  private ContextRules() {}

  /**
   * The profile's instructions; the committed turns since the session's context start in commit order, each its start
   * inputs and then its entries; then the turn's own inputs. Pending and cancelled inputs are never in it.
   *
   * @param instructions the first item where they are given, in the role system; no entry of the transcript
   * @param maxCharacters more is refused as context_too_large before it is held in memory
   */
  public static Outcome<List<ContextItem>> context(
      TurnReads state, Turn turn, @Nullable String instructions, long maxCharacters) {
    long contextStart = state.session(turn.session()).contextStart();
    List<ContextItem> items = new ArrayList<>();
    long characters = 0;
    if (instructions != null) {
      items.add(new ContextItem(TranscriptEntry.Role.SYSTEM, instructions));
      characters = instructions.length();
    }
    long after = 0;
    while (true) {
      List<Turn> page = state.turns(turn.session(), after, PAGE);
      for (Turn earlier : page) {
        boolean counts = earlier.state() instanceof Turn.State.Ended(_, _, long revision) && revision > contextStart;
        if (counts || earlier.id().equals(turn.id())) {
          characters += add(state, earlier, items);
          if (characters > maxCharacters) {
            return Outcome.refused(Reason.CONTEXT_TOO_LARGE);
          }
        }
        after = earlier.index();
      }
      if (page.size() < PAGE) {
        return new Outcome.Done<>(items);
      }
    }
  }

  private static long add(TurnReads state, Turn turn, List<ContextItem> items) {
    long characters = 0;
    for (InputId id : turn.inputs()) {
      Input input = state.input(id).orElseThrow();
      items.add(new ContextItem(input.kind().role(), input.content()));
      characters += input.content().length();
    }
    for (TranscriptEntry entry : state.entriesOf(turn.id())) {
      items.add(new ContextItem(entry.role(), entry.content()));
      characters += entry.content().length();
    }
    return characters;
  }
}
