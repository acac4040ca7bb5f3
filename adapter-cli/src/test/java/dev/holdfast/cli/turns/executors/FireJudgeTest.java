package dev.holdfast.cli.turns.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.cli.turns.executors.FireJudge.Entry;
import dev.holdfast.cli.turns.executors.FireJudge.Followed;
import dev.holdfast.cli.turns.executors.FireJudge.Sent;
import dev.holdfast.cli.turns.executors.FireJudge.Shown;
import dev.holdfast.cli.turns.executors.FireJudge.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge of the fire finds what it is there to find. */
class FireJudgeTest {
  /** What is left behind a fire without a fault; a test changes one thing of it. */
  static final class Remains {
    final List<Sent> sent = new ArrayList<>(List.of(new Sent("in-1", "one", false), new Sent("in-2", "two", false),
        new Sent("in-3", "three", true)));
    final List<Shown> shown = new ArrayList<>(List.of(new Shown("in-1", "completed", "turn-1"),
        new Shown("in-2", "completed", "turn-2"), new Shown("in-3", "cancelled", null)));
    final List<Turn> turns = new ArrayList<>(List.of(new Turn("turn-1", "completed", List.of("in-1"), false, 1),
        new Turn("turn-2", "cancelled", List.of("in-2"), true, 0)));
    final List<Entry> entries = new ArrayList<>(List.of(new Entry("turn-1", "Heard 1 words.", true),
        new Entry("turn-1", "You said: one", true), new Entry("turn-2", "You said: tw", false)));
    final List<Followed> followed = new ArrayList<>(List.of(
        new Followed("turn-1", "completed", "Heard 1 words.You said: one", List.of()),
        new Followed("turn-2", "cancelled", "You said: tw", List.of())));
    final List<Sent> commands = new ArrayList<>(List.of(new Sent("batch-1", "", false)));
    final List<Shown> batches = new ArrayList<>(List.of(new Shown("batch-1", "completed", null)));
    long left;

    List<String> faults() {
      var judge = new FireJudge();
      judge.turns(turns);
      judge.work(sent, shown);
      judge.commands(commands, batches);
      judge.answers(sent, entries);
      judge.followers(followed, entries);
      judge.drained("worker", left);
      return judge.faults();
    }
  }

  @Test
  @DisplayName("inputs that were answered or cancelled once, and followers that saw so, have no fault")
  void good() {
    assertEquals(List.of(), new Remains().faults());
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("an input is gone", it -> it.shown.removeFirst()),
        fault("an input that nobody sent is there", it -> it.shown.add(new Shown("in-9", "completed", "turn-1"))),
        fault("an input still waits", it -> it.shown.set(0, new Shown("in-1", "deferred_next_turn", null))),
        fault("an input is in two turns", it -> it.turns.set(1, turn("turn-2", "cancelled", true, "in-2", "in-1"))),
        fault("a cancelled input is in a turn",
            it -> it.turns.set(0, turn("turn-1", "completed", false, "in-1", "in-3"))),
        fault("an input was cancelled by nobody", it -> it.shown.set(0, new Shown("in-1", "cancelled", null))),
        fault("a turn is still open", it -> it.turns.set(0, turn("turn-1", null, false, "in-1"))),
        fault("a turn failed by a single loss", it -> it.turns.set(0, turn("turn-1", "failed", false, "in-1"))),
        fault("a turn was cancelled by nobody", it -> it.turns.set(1, turn("turn-2", "cancelled", false, "in-2"))),
        fault("a cancelled turn completed", it -> it.turns.set(1, turn("turn-2", "completed", true, "in-2"))),
        fault("an answer is missing", it -> it.entries.remove(1)),
        fault("an answer is there twice", it -> it.entries.add(new Entry("turn-1", "You said: one", true))),
        fault("another turn says it, too", it -> it.entries.add(new Entry("turn-2", "You said: one", false))),
        fault("a zombie's text is in it", it -> it.entries.set(0, new Entry("turn-1", "Heard 2 words.", true))),
        fault("a part is left of a completed turn", it -> it.entries.add(new Entry("turn-1", "You", false))),
        fault("nobody saw a turn", it -> it.followed.removeFirst()),
        fault("a turn began twice", it -> it.followed.add(it.followed.getFirst())),
        fault("a follower saw no end", it -> it.followed.set(0, followed(null, "You said: one"))),
        fault("a follower saw another end", it -> it.followed.set(0, followed("cancelled", ""))),
        fault("a follower read something else", it -> it.followed.set(0, followed("completed", "You said: one one"))),
        fault("a stream had a gap", it -> it.followed.set(0,
            new Followed("turn-1", "completed", it.followed.getFirst().text(), List.of("1.3 after 1.1")))),
        fault("a command was not applied", it -> it.batches.set(0, new Shown("batch-1", "waiting", null))),
        fault("the queue is not empty", it -> it.left = 1));
  }

  private static Arguments fault(String name, Consumer<Remains> change) {
    return Arguments.of(name, change);
  }

  private static Turn turn(String id, @Nullable String outcome, boolean cancelAccepted, String... taken) {
    return new Turn(id, outcome, List.of(taken), cancelAccepted, 1);
  }

  private static Followed followed(@Nullable String outcome, String text) {
    return new Followed("turn-1", outcome, text, List.of());
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("whatever is lost, doubled or mixed is a fault")
  @MethodSource("faults")
  void faulty(String name, Consumer<Remains> change) {
    var remains = new Remains();
    change.accept(remains);
    assertFalse(remains.faults().isEmpty(), name);
  }
}
