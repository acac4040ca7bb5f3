package dev.holdfast.application.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AttemptingTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int ROOM = 256;
  private final TaskRules.Poster own = new TaskRules.Poster("laptop", 1);
  private final Attempting attempting = new Attempting(claimed(), null, _ -> {
  });

  private static InferenceTask claimed() {
    var task = new InferenceTask(InferenceTask.idOf("a".repeat(InferenceTask.ID_DIGITS)), "m", "callers", null,
        InferenceRequest.CHAT, FakeRelay.chat("m"), true, InferenceTask.Mode.DIRECT, 0,
        new InferenceTask.State.Pending(), NOW, NOW.plus(InferenceTask.DEADLINE));
    return TaskRules.claim(task, "mine", "laptop", NOW).orElseThrow();
  }

  private Outcome<InferenceTask> post(TaskRules.Poster by, long seq) throws InterruptedException {
    return attempting.chunks(by, List.of(new Chunk(seq, "x", false)), NOW);
  }

  @Test
  @DisplayName("R-21 while the room is full, what isn't of the attempt is refused at once, and the attempt goes on")
  void fullRoom() throws Exception {
    attempting.chunks(own, LongStream.rangeClosed(1, ROOM).mapToObj(seq -> new Chunk(seq, "x", false))
        .toList(), NOW).orThrow();
    // Whoever waits for room in vain ends the attempt.
    assertEquals(Outcome.refused(Reason.TASK_NOT_FOUND), post(new TaskRules.Poster("laptop", 2), ROOM + 1));
    assertEquals(Outcome.refused(Reason.TASK_NOT_FOUND), post(new TaskRules.Poster("stranger", 1), ROOM + 1));
    assertEquals(Outcome.refused(Reason.CHUNK_GAP, "expected_seq", (long) ROOM + 1), post(own, ROOM + 2));
    post(own, ROOM).orThrow();
    assertTrue(attempting.isRunning());
    assertFalse(attempting.task().hasEnded());
    assertEquals(new AnswerStream.Piece.Event("x"), attempting.next(Duration.ZERO, _ -> false));
    post(own, ROOM + 1).orThrow();
  }
}
