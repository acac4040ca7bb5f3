package dev.holdfast.application.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutputNewsTest {
  private static final TurnId TURN = new TurnId(7);

  private final NewsRoom room = new NewsRoom();

  @Test
  @DisplayName("who keeps up is given what was told, in pieces or together")
  void keepsUp() throws InterruptedException {
    try (var news = room.output(TURN)) {
      tell(1, 3, 4);
      tell(1, 5, 5);
      assertTrue(news.await(Duration.ZERO));
      assertEquals(Optional.of(List.of(3L, 4L, 5L)), after(news, 1, 2));
      assertEquals(Optional.of(List.of(5L)), after(news, 1, 4));
      assertEquals(Optional.of(List.of()), after(news, 1, 5));
      assertFalse(news.await(Duration.ZERO));
    }
  }

  @Test
  @DisplayName("who is elsewhere, or was told nothing yet, has to ask the store")
  void elsewhere() {
    try (var news = room.output(TURN)) {
      assertEquals(Optional.empty(), after(news, 1, 2));
      tell(1, 3, 4);
      assertEquals(Optional.empty(), after(news, 1, 1));
      assertEquals(Optional.empty(), after(news, 0, 0));
      room.raise(List.of(new OutputChange.Appended(new TurnId(8), records(1, 1, 9))));
      assertEquals(Optional.of(List.of(3L, 4L)), after(news, 1, 2));
    }
  }

  @Test
  @DisplayName("units of work that are told in another order than they were done leave no gap and nothing twice")
  void otherOrder() {
    try (var news = room.output(TURN)) {
      tell(1, 2, 2);
      tell(1, 5, 5);
      tell(1, 3, 4);
      assertEquals(Optional.empty(), after(news, 1, 2));
      assertEquals(Optional.of(List.of(5L)), after(news, 1, 4));
      assertEquals(Optional.of(List.of()), after(news, 1, 5));
    }
  }

  @Test
  @DisplayName("the end of an attempt isn't known from what was told of the next one")
  void nextAttempt() {
    try (var news = room.output(TURN)) {
      tell(1, 2, 4);
      tell(2, 1, 2);
      assertEquals(Optional.empty(), after(news, 1, 4));
      assertEquals(Optional.of(List.of(2L)), after(news, 2, 1));
      tell(1, 5, 5);
      assertEquals(Optional.of(List.of(2L)), after(news, 2, 1));
    }
  }

  @Test
  @DisplayName("only so much is kept, and nothing once all readers have left")
  void bounded() {
    var first = room.output(TURN);
    try (var news = room.output(TURN)) {
      tell(1, 1, 1_000);
      assertEquals(Optional.empty(), after(news, 1, 900));
      assertEquals(64, after(news, 1, 936).orElseThrow().size());
      first.close();
      assertEquals(64, after(news, 1, 936).orElseThrow().size());
    }
    try (var news = room.output(TURN)) {
      assertEquals(Optional.empty(), after(news, 1, 936));
      room.raise(List.of(new OutputChange.Appended(TURN, List.of(delta(1, 1, "x".repeat(5_000))))));
      assertEquals(Optional.empty(), after(news, 1, 1));
    }
  }

  private static Optional<List<Long>> after(OutputNews news, int attempt, long seq) {
    return news.after(new OutputCursor(attempt, seq))
        .map(records -> records.stream().map(OutputRecord::seq).toList());
  }

  private void tell(int attempt, long first, long last) {
    room.raise(List.of(new OutputChange.Appended(TURN, records(attempt, first, last))));
  }

  private static List<OutputRecord> records(int attempt, long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(seq -> delta(attempt, seq, "d")).toList();
  }

  private static OutputRecord delta(int attempt, long seq, String text) {
    return new OutputRecord(
        TURN, attempt, seq, Instant.EPOCH, new OutputPayload.Delta(OutputPayload.Channel.TEXT, text));
  }
}
