package dev.holdfast.domain.turns.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about output records. */
public abstract class OutputReadsContract extends StoreSuite {

  private TurnId turn() {
    WorkerId worker = worker();
    send(worker, "hello");
    return take(worker, HERE).turn().id();
  }

  private List<OutputRecord> append(TurnId turn, int attempt, long firstSeq, OutputPayload... payloads) {
    List<OutputRecord> records = new ArrayList<>();
    for (OutputPayload payload : payloads) {
      records.add(new OutputRecord(turn, attempt, firstSeq + records.size(), START.plusNanos(1000), payload));
    }
    put(new OutputChange.Appended(turn, records));
    return records;
  }

  private static OutputPayload text(String text) {
    return new OutputPayload.Delta(OutputPayload.Channel.TEXT, text);
  }

  private List<OutputRecord> output(TurnId turn, String after, int limit) {
    return read(state -> state.output(turn, OutputCursor.parse(after).orElseThrow(), limit));
  }

  @Test
  @DisplayName("a turn that is not there has no output")
  void nothing() {
    assertEquals(List.of(), output(new TurnId(5), "0.0", 10));
  }

  @Test
  @DisplayName("records of every kind come back as they were written")
  void comesBack() {
    TurnId turn = turn();
    List<OutputRecord> written = new ArrayList<>(output(turn, "0.0", 10));
    written.addAll(append(turn, 1, 2,
        new OutputPayload.Delta(OutputPayload.Channel.REASONING, "why"),
        new OutputPayload.Delta(OutputPayload.Channel.TOOL_CALL, "{\"a\":1}"),
        new OutputPayload.Delta(OutputPayload.Channel.TEXT, "\u0000 \ud83d\ude00 \"'"),
        new OutputPayload.Rewound(new OutputCursor(1, 3)),
        new OutputPayload.Rewound(null),
        text(""),
        new OutputPayload.InputAdmitted(new InputId(77)),
        new OutputPayload.Checkpoint(1)));
    written.addAll(append(turn, 2, 1,
        new OutputPayload.AttemptStarted(9, new OutputCursor(1, 4), new OutputPayload.Previous(1, "lost")),
        new OutputPayload.End("failed", "provider_failed", 3, "the provider's \"words\"")));
    written.addAll(append(turn, 3, 1, new OutputPayload.AttemptStarted(10, null, null),
        new OutputPayload.End("completed", null, 4)));

    nowAndAfterReopen(() -> assertEquals(written, output(turn, "0.0", 100)));
  }

  @Test
  @DisplayName("a reader gets exactly the records behind its cursor, by attempt and then by seq, in pages")
  void behindTheCursor() {
    TurnId turn = turn();
    List<OutputRecord> all = new ArrayList<>(output(turn, "0.0", 10));
    all.addAll(append(turn, 1, 2, text("a"), text("b")));
    all.addAll(append(turn, 1, 4, text("c")));
    all.addAll(append(turn, 2, 1, new OutputPayload.AttemptStarted(2, null, null), text("d")));

    nowAndAfterReopen(() -> {
      assertEquals(all, output(turn, "0.0", 100));
      assertEquals(all.subList(2, 4), output(turn, "1.2", 2));
      assertEquals(all.subList(4, 6), output(turn, "1.4", 100));
      assertEquals(all.subList(4, 6), output(turn, "1.99", 100));
      assertEquals(all.subList(5, 6), output(turn, "2.1", 100));
      assertEquals(List.of(), output(turn, "2.2", 100));
      assertEquals(List.of(), output(turn, "3.0", 100));
      assertEquals(List.of(), output(turn, "0.0", 0));
    });
  }

  @Test
  @DisplayName("ten attempts and a hundred records keep their numeric order")
  void numericOrder() {
    TurnId turn = turn();
    List<OutputRecord> all = new ArrayList<>(output(turn, "0.0", 10));
    for (int attempt = 2; attempt <= 11; attempt++) {
      for (int seq = 1; seq <= 12; seq++) {
        all.addAll(append(turn, attempt, seq, text(attempt + "." + seq)));
      }
    }

    nowAndAfterReopen(() -> {
      assertEquals(all, output(turn, "0.0", 1000));
      assertEquals(11, output(turn, "10.1", 11).size());
      assertEquals("11.1", output(turn, "10.12", 1).getFirst().cursor().text());
    });
  }

  @Test
  @DisplayName("turns don't see each other's output, and an appended page is of its moment")
  void apart() {
    TurnId one = turn();
    TurnId other = turn();
    append(one, 1, 2, text("one"));
    List<OutputRecord> before = output(one, "0.0", 10);
    append(other, 1, 2, text("other"));
    append(one, 1, 3, text("more"));

    assertEquals(2, before.size());
    assertEquals(3, output(one, "0.0", 10).size());
    assertEquals(2, output(other, "0.0", 10).size());
  }

  @Test
  @DisplayName("what an executor appends through the rules is what a reader gets")
  void throughTheRules() {
    WorkerId worker = worker();
    send(worker, "hello");
    NextWork.Run run = take(worker, HERE);
    assertEquals(3, append(run, 2, "Hel", "lo"));

    List<OutputPayload> payloads = output(run.turn().id(), "0.0", 10).stream().map(OutputRecord::payload).toList();
    assertEquals(List.of(new OutputPayload.AttemptStarted(1, null, null), text("Hel"), text("lo")), payloads);
  }

  @Test
  @DisplayName("an append counts the last attempt's newest number, without the turn being put again")
  void counted() {
    WorkerId worker = worker();
    send(worker, "hello");
    NextWork.Run run = take(worker, HERE);
    append(run, 2, "Hel", "lo");
    nowAndAfterReopen(() -> assertEquals(3, lastSeq(run.turn().id())));

    append(run, 4, "!");
    nowAndAfterReopen(() -> assertEquals(4, lastSeq(run.turn().id())));
    done(state -> SessionRules.release(state, run.lease().fence(), now()));
    NextWork.Run again = take(worker, HERE);
    append(again, 2, "Hello");
    nowAndAfterReopen(() -> {
      List<Attempt> attempts = read(state -> state.turn(run.turn().id())).orElseThrow().attempts();
      assertEquals(List.of(4L, 2L), attempts.stream().map(Attempt::lastOutputSeq).toList());
      assertEquals(attempts, read(state -> state.turns(worker, 0, 10)).getFirst().attempts());
    });
  }

  private long lastSeq(TurnId turn) {
    return read(state -> state.turn(turn)).orElseThrow().lastAttempt().lastOutputSeq();
  }
}
