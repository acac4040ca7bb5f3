package dev.holdfast.domain.turns.commits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TurnValuesTest {

  static Stream<Checkpoint> checkpoints() {
    return Stream.of(Checkpoint.INITIAL, Checkpoint.INITIAL.afterTurn(new Usage(1, 2)),
        new Checkpoint(7, new Usage(1, 2), new Usage(3, 4), Json.parse("{\"a\":[1.5]}"), 9,
            "opaque \"state\" \ud83d\ude00"));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("a checkpoint is read back from its JSON")
  @MethodSource("checkpoints")
  void checkpoint(Checkpoint checkpoint) {
    assertEquals(checkpoint, Checkpoint.read(JsonMembers.of(Json.parse(checkpoint.json().text()))));
  }

  @Test
  @DisplayName("a checkpoint with a member that nobody knows is refused")
  void foreignCheckpoint() {
    assertThrows(JsonMembers.Mismatch.class,
        () -> Checkpoint.read(JsonMembers.of(Json.parse("{\"version\":2}"))));
    assertEquals(Checkpoint.INITIAL, Checkpoint.read(JsonMembers.of(Json.EMPTY_OBJECT)));
  }

  @Test
  @DisplayName("usage adds up over turns, and the last call's is kept")
  void usage() {
    Checkpoint two = Checkpoint.INITIAL.afterTurn(new Usage(1, 2)).afterTurn(new Usage(10, 20));
    assertEquals(new Usage(11, 22), two.usage());
    assertEquals(new Usage(10, 20), two.lastPrompt());
    assertEquals(2, two.turnIndex());
  }

  static Stream<TurnOutcome> outcomes() {
    return Stream.of(new TurnOutcome.Completed(), new TurnOutcome.Cancelled(),
        new TurnOutcome.Incomplete(Reason.MAX_OUTPUT_TOKENS), new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("an outcome is read back from its text and its reason")
  @MethodSource("outcomes")
  void outcome(TurnOutcome outcome) {
    Reason reason = outcome.reason();
    assertEquals(outcome, TurnOutcome.of(outcome.text(), reason == null ? null : reason.code()));
  }

  @Test
  @DisplayName("no other text is an outcome")
  void noOutcome() {
    assertThrows(IllegalArgumentException.class, () -> TurnOutcome.of("lost", null));
    assertThrows(IllegalArgumentException.class, () -> TurnOutcome.of("failed", "because"));
  }

  private static TurnCommit commit() {
    var fence = new Fence(new WorkerId(1), new Owner("builtin:n", "1"), "token", 1);
    return new TurnCommit(fence, 3L, new TurnCommit.Subject.Terminal(new TurnId(5), 1, new TurnOutcome.Completed()),
        List.of(new TurnCommit.Entry(TranscriptEntry.Role.ASSISTANT, "text", TranscriptEntry.Status.FINAL)),
        Checkpoint.INITIAL, Usage.NONE,
        List.of(new TurnCommit.Completion.OfInputs("claim", "token", List.of(new InputId(2), new InputId(3)))), null,
        4L, true, null);
  }

  private static String hash(Consumer<CommitDraft> change) {
    var draft = new CommitDraft(commit());
    change.accept(draft);
    return draft.build().hash();
  }

  @Test
  @DisplayName("a commit's hash leaves out fence, revision, release and claim names, and nothing else (T-71)")
  void hashes() {
    String hash = commit().hash();
    assertEquals(hash, hash(draft -> draft.token("another")));
    assertEquals(hash, hash(draft -> draft.generation(9)));
    assertEquals(hash, hash(draft -> draft.expectedHead = null));
    assertEquals(hash, hash(draft -> draft.release = false));
    assertEquals(hash, hash(draft -> draft.attempt = 2));
    assertEquals(hash, hash(draft -> draft.claim("other", "other", List.of(new InputId(3), new InputId(2)))));

    assertNotEquals(hash, hash(draft -> draft.outcome = new TurnOutcome.Failed(Reason.PROVIDER_FAILED)));
    assertNotEquals(hash, hash(draft -> draft.entries = List.of()));
    assertNotEquals(hash, hash(draft -> draft.lastOutputSeq = 5L));
    assertNotEquals(hash, hash(draft -> draft.claim("claim", "token", List.of(new InputId(2)))));
  }
}
