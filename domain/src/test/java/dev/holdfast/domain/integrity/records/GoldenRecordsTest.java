package dev.holdfast.domain.integrity.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was ever written is read for ever: bytes and JSON that were kept from the first version on. */
class GoldenRecordsTest {
  private static final HexFormat HEX = HexFormat.of();
  /** Forms that are read, and written in another form since. */
  private static final Set<Object> RETIRED = Changes.TABLE.stream().filter(option -> option.type() == null)
      .map(Choice.Option::name).collect(Collectors.toSet());

  /** The file holds a change in a line, as bytes in hex and, behind a space, as JSON. Lines are only added to it. */
  private static List<String> kept() throws IOException {
    try (InputStream file = GoldenRecordsTest.class.getResourceAsStream("golden-changes.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return List.of(text.split("\n"));
    }
  }

  @Test
  @DisplayName("every kept change is read and written as it was, and there is one of each kind")
  void keptChanges() throws IOException {
    Set<Object> seen = new TreeSet<>();
    for (String line : kept()) {
      int space = line.indexOf(' ');
      Json json = Json.canonical(line.substring(space + 1));
      Change change = Changes.CHANGE.ofBytes(HEX.parseHex(line, 0, space));

      assertEquals(change, Changes.CHANGE.ofJson(json));
      if (!RETIRED.contains(json.members().get("change"))) {
        assertEquals(json, Changes.CHANGE.json(change));
        assertEquals(line.substring(0, space), HEX.formatHex(Changes.CHANGE.bytes(Changes.CHANGE.ofJson(json))));
      }
      seen.add(json.members().get("change"));
    }
    assertEquals(Changes.TABLE.stream().map(Choice.Option::name).collect(Collectors.toCollection(TreeSet::new)), seen);
  }

  @Test
  @DisplayName("a unit of work has these bytes: its count, then each change's number and fields")
  void unitOfWork() {
    var worker = new WorkerId(17);
    Instant at = Instant.parse("2026-11-21T10:00:00.123456Z");
    var input = new Input(new InputId(300), worker, 42, "k1", InputKind.USER, "Grüße", null, new Ingress.NextTurn(), at,
        88, new InputState.Deferred());
    var event = new Event(300, worker, EventName.WORKER_INPUT_ACCEPTED, at, null, Json.object("n", 1L), null);
    List<Change> unit = List.of(new InputChange.Accepted(input),
        new QueueChange.QueuePut(new WorkQueue(worker, 42, 1, 0, 17)),
        new WorkerChange.Moved(worker, WorkerStatus.RUNNING, 88, 300), new EventChange.Appended(event));

    assertEquals("04"
        + "14d8042254036b310475736572074772c3bcc39f65000180a9e0c7cdb1b006b00102"
        + "202254020022"
        + "03220772756e6e696e67b001d804"
        + "0ad804012215776f726b65722e696e7075745f616363657074656480a9e0c7cdb1b00600077b226e223a317d00",
        HEX.formatHex(Changes.UNIT.bytes(unit)));
    assertEquals("""
        {"changes":[{"change":"input_accepted","content":"Grüße","enqueue_seq":42,\
        "enqueued_at":"2026-11-21T10:00:00.123456Z","id":300,"ingress":{"kind":"next_turn"},"kind":"user",\
        "session":17,"source_key":"k1","state":{"kind":"deferred"},"transcript_sequence":88},\
        {"change":"queue_put","last_claim_no":17,"last_enqueue_seq":42,"pending_inputs":1,"queued_work":0,\
        "session":17},{"change":"worker_moved","id":17,"last_event_id":300,"status":"running",\
        "transcript_length":88},{"at":"2026-11-21T10:00:00.123456Z","change":"event_appended",\
        "data":{"n":1},"id":300,"name":"worker.input_accepted","worker":17}]}""", Changes.UNIT.json(unit).text());
  }
}
