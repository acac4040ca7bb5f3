package dev.holdfast.domain.turns.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputPayload.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResponseFoldTest {
  private static final OutputPayload STARTED = new OutputPayload.AttemptStarted(1, null, null);
  private static final OutputPayload REWOUND = new OutputPayload.Rewound(null);
  private static final OutputPayload CHECKPOINT = new OutputPayload.Checkpoint(1);
  private static final OutputPayload COMPLETED = new OutputPayload.End("completed", null, 1);

  private static OutputPayload text(String text) {
    return new OutputPayload.Delta(Channel.TEXT, text);
  }

  private static OutputPayload thought(String text) {
    return new OutputPayload.Delta(Channel.REASONING, text);
  }

  private static List<ResponseEvent> fold(List<OutputPayload> records) {
    var fold = new ResponseFold();
    List<ResponseEvent> events = new ArrayList<>(fold.created());
    records.forEach(record -> events.addAll(fold.take(record)));
    return events;
  }

  /** As {@code added 0}, {@code delta 0 hi}, {@code done 0 hi whole}. */
  private static String line(ResponseEvent event) {
    return switch (event) {
      case ResponseEvent.Created _ -> "created";
      case ResponseEvent.InProgress _ -> "in_progress";
      case ResponseEvent.ItemAdded(_, ResponseItem item) -> "added " + item.index();
      case ResponseEvent.PartAdded(_, ResponseItem item) -> "part " + item.index();
      case ResponseEvent.Delta(_, ResponseItem item, String text) -> "delta " + item.index() + " " + text;
      case ResponseEvent.TextDone(_, ResponseItem item) -> "text_done " + item.index() + " " + item.text();
      case ResponseEvent.PartDone(_, ResponseItem item) -> "part_done " + item.index();
      case ResponseEvent.ItemDone(_, ResponseItem item) ->
        "done " + item.index() + " " + item.text() + (item.whole() ? " whole" : " incomplete");
      case ResponseEvent.Ended ended -> "ended " + ended.status().text() + " " + ended.reason() + " "
          + ended.items().stream().map(item -> item.index() + ":" + item.text() + (item.whole() ? "" : "~")).toList();
    };
  }

  private static void assertTold(List<OutputPayload> records, String... lines) {
    List<ResponseEvent> events = fold(records);
    assertEquals(List.of(lines), events.stream().map(ResponseFoldTest::line).toList());
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i, events.get(i).sequence(), "dense from 0");
    }
  }

  @Test
  @DisplayName("R-52 An answer is one item with one part, from created to completed")
  void plain() {
    assertTold(List.of(STARTED, text("Hel"), text("lo"), COMPLETED),
        "created", "in_progress", "added 0", "part 0", "delta 0 Hel", "delta 0 lo", "text_done 0 Hello", "part_done 0",
        "done 0 Hello whole", "ended completed null [0:Hello]");
  }

  @Test
  @DisplayName("R-52 What the model thinks is an item of its own before the answer")
  void reasoning() {
    assertTold(List.of(STARTED, thought("hm"), text("yes"), COMPLETED),
        "created", "in_progress", "added 0", "part 0", "delta 0 hm", "text_done 0 hm", "part_done 0", "done 0 hm whole",
        "added 1", "part 1", "delta 1 yes", "text_done 1 yes", "part_done 1", "done 1 yes whole",
        "ended completed null [0:hm, 1:yes]");
  }

  @Test
  @DisplayName("R-52 On a call made again and on a new attempt the open item is closed as incomplete and a new one begins; the"
      + " last event carries only what was committed")
  void dropped() {
    for (OutputPayload again : List.of(REWOUND, STARTED)) {
      assertTold(List.of(STARTED, text("wro"), again, text("right"), COMPLETED),
          "created", "in_progress", "added 0", "part 0", "delta 0 wro", "text_done 0 wro", "part_done 0",
          "done 0 wro incomplete", "added 1", "part 1", "delta 1 right", "text_done 1 right", "part_done 1",
          "done 1 right whole", "ended completed null [1:right]");
    }
  }

  @Test
  @DisplayName("R-52 What a checkpoint committed stays whatever comes; what was closed behind it goes with its attempt")
  void checkpoint() {
    assertTold(
        List.of(STARTED, text("one"), new OutputPayload.InputAdmitted(new InputId(7)), CHECKPOINT, thought("t"),
            text("tw"),
            new OutputPayload.AttemptStarted(2, new OutputCursor(1, 4), new OutputPayload.Previous(1, "lost")),
            text("two"), COMPLETED),
        "created", "in_progress", "added 0", "part 0", "delta 0 one", "text_done 0 one", "part_done 0",
        "done 0 one whole",
        "added 1", "part 1", "delta 1 t", "text_done 1 t", "part_done 1", "done 1 t whole",
        "added 2", "part 2", "delta 2 tw", "text_done 2 tw", "part_done 2", "done 2 tw incomplete",
        "added 3", "part 3", "delta 3 two", "text_done 3 two", "part_done 3", "done 3 two whole",
        "ended completed null [0:one, 3:two]");
  }

  @Test
  @DisplayName("R-52 Each outcome of a turn is the end of its name, and what was said until then is kept as incomplete")
  void outcomes() {
    for (String outcome : List.of("incomplete", "failed", "cancelled")) {
      String reason = outcome.equals("cancelled") ? null : "upstream_cut";
      assertTold(List.of(STARTED, text("par"), new OutputPayload.End(outcome, reason, 1)),
          "created", "in_progress", "added 0", "part 0", "delta 0 par", "text_done 0 par", "part_done 0",
          "done 0 par incomplete", "ended " + outcome + " " + reason + " [0:par~]");
    }
    assertTold(List.of(STARTED, new OutputPayload.End("failed", "provider_failed", 1)),
        "created", "in_progress", "ended failed provider_failed []");
    var fold = new ResponseFold();
    fold.created();
    assertEquals(List.of("ended cancelled null []"),
        fold.ended(ResponseStatus.CANCELLED, null, null).stream().map(ResponseFoldTest::line).toList());
  }

  private static List<OutputPayload> random(SplittableRandom random) {
    List<OutputPayload> records = new ArrayList<>(List.of(STARTED));
    int size = random.nextInt(40);
    for (int i = 0; i < size; i++) {
      records.add(switch (random.nextInt(7)) {
        case 0 -> STARTED;
        case 1 -> REWOUND;
        case 2 -> CHECKPOINT;
        case 3 -> thought("t" + i);
        case 4 -> new OutputPayload.InputAdmitted(new InputId(i + 1));
        default -> text("x" + i);
      });
    }
    records.add(random.nextBoolean() ? COMPLETED : new OutputPayload.End("cancelled", null, 1));
    return records;
  }

  @Test
  @DisplayName("R-52 Whatever the records: the events of any prefix are a prefix of the events of all, under equal numbers, each"
      + " item is begun and done once, and what stays is what its deltas said")
  void anyPrefix() {
    for (long seed = 0; seed < 500; seed++) {
      List<OutputPayload> records = random(new SplittableRandom(seed));
      List<ResponseEvent> all = fold(records);
      for (int cut = 0; cut <= records.size(); cut++) {
        List<ResponseEvent> begun = fold(records.subList(0, cut));
        assertEquals(all.subList(0, begun.size()), begun, "seed " + seed + ", first " + cut);
      }
      assertItems(all, "seed " + seed);
    }
  }

  private static void assertItems(List<ResponseEvent> events, String seed) {
    List<String> said = new ArrayList<>();
    int done = 0;
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i, events.get(i).sequence(), seed);
      switch (events.get(i)) {
        case ResponseEvent.ItemAdded(_, ResponseItem item) -> {
          assertEquals(said.size(), item.index(), seed);
          assertEquals(done, item.index(), seed + ": one is open at a time");
          said.add("");
        }
        case ResponseEvent.Delta(_, ResponseItem item, String text) ->
          said.set(item.index(), said.get(item.index()) + text);
        case ResponseEvent.ItemDone(_, ResponseItem item) -> {
          assertEquals(done++, item.index(), seed);
          assertEquals(said.get(item.index()), item.text(), seed);
        }
        case ResponseEvent.Ended ended -> {
          assertEquals(events.size() - 1, i, seed);
          ended.items().forEach(item -> assertEquals(said.get(item.index()), item.text(), seed));
        }
        case ResponseEvent.Created _,ResponseEvent.InProgress _,ResponseEvent.PartAdded _,ResponseEvent.TextDone _,ResponseEvent.PartDone _ -> {
          // Nothing of these is counted.
        }
      }
    }
    assertEquals(said.size(), done, seed);
    assertTrue(events.getLast() instanceof ResponseEvent.Ended, seed);
  }
}
