package dev.holdfast.cli.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge of the crash loop finds what it is there to find. */
class StreamJudgeTest {
  private static final String GOOD = "1.1 started,1.2 delta,1.3 delta,2.1 started,2.2 delta,2.3 end";

  private static StreamJudge judge(String stream) {
    var judge = new StreamJudge();
    for (String record : stream.split(",", -1)) {
      List<String> parts = Arrays.asList(record.split(" ", -1));
      String id = parts.getFirst();
      switch (parts.getLast()) {
        case "started" -> judge.take(id, "output.attempt_started", "{}");
        case "delta" -> judge.take(id, "output.delta", "{\"text\":\"" + id + " \"}");
        case "restarted" ->
          judge.take(id, "output.attempt_started", "{\"keep_until\":{\"attempt\":1,\"seq\":3}}");
        case "rewound" -> judge.take(id, "output.rewound", "{\"keep_until\":{\"attempt\":2,\"seq\":1}}");
        case "checkpoint" -> judge.take(id, "output.checkpoint", "{\"commit_no\":1}");
        case "end" -> judge.take(id, "output.end", "{\"outcome\":\"completed\"}");
        default -> throw new IllegalArgumentException(record);
      }
    }
    return judge;
  }

  @Test
  @DisplayName("a stream over two attempts leaves the text of the last one and no fault")
  void good() {
    StreamJudge judge = judge(GOOD);
    assertEquals(List.of(), judge.faults());
    assertEquals("2.2 ", judge.text());
    assertEquals("completed", judge.outcome());
    assertEquals(2, judge.attempts());
  }

  @Test
  @DisplayName("what is behind a checkpoint stays when an attempt or a step begins again")
  void kept() {
    StreamJudge judge = judge("1.1 started,1.2 delta,1.3 checkpoint,1.4 delta,2.1 restarted,2.2 delta,2.3 rewound,"
        + "2.4 delta,2.5 end");
    assertEquals(List.of(), judge.faults());
    assertEquals("1.2 2.4 ", judge.text());
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a gap, a repeat, a second end, a missing start and a skipped attempt are faults")
  @ValueSource(strings = {
    "1.1 started,1.3 delta", "1.1 started,1.2 delta,1.2 delta", "1.1 started,1.2 end,1.3 end",
    "1.1 started,1.2 end,2.1 started", "1.1 delta", "1.1 started,3.1 started", "1.2 delta",
    "1.1 started,2.1 started,1.2 delta", "1.1 started,1.2 started"})
  void faulty(String stream) {
    assertFalse(judge(stream).faults().isEmpty());
  }
}
