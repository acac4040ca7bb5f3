package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when a write fails in the middle, or when the process dies between two writes to the disk. */
class SqliteFaultsTest extends StoreSuite {
  // https://www.sqlite.org/fileformat.html section 4.1: a header, then frames of a header and a page each.
  private static final int WAL_HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int PAGE_SIZE_OFFSET = 8;

  @TempDir
  private Path temp;

  private Path folder() {
    return temp.resolve("db");
  }

  @Override
  protected Store open() {
    return SqliteStore.open(folder(), START);
  }

  @Override
  protected Store reopen(Store closing) {
    closing.close();
    return open();
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder().resolve("holdfast.db"));
        var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  @Test
  @DisplayName("W-A21 an I/O error in the middle of send_input: an error, then transcript, events and counters as before; "
      + "the next input gets the next dense ids")
  void errorInTheMiddle() throws Exception {
    WorkerId worker = worker();
    Input first = send(worker, "first");
    String before = read(StateText::of);

    sql("CREATE TRIGGER fault BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'fault'); END");
    assertThrows(StoreException.class, () -> send(worker, "lost"));
    assertEquals(before, read(StateText::of));
    sql("DROP TRIGGER fault");

    Input next = send(worker, "second");
    assertEquals(first.id().number() + 1, next.id().number());
    assertEquals(first.enqueueSeq() + 1, next.enqueueSeq());
    assertEquals(first.transcriptSequence() + 1, next.transcriptSequence());
    nowAndAfterReopen(() -> assertEquals(List.of("first", "second"),
        read(state -> state.transcript(worker, 0, 10)).stream().map(TranscriptEntry::content).toList()));
  }

  /** The states behind each unit of work of a scenario, and the files as they were then, without a clean close. */
  private record Recorded(List<String> states, ByteBuffer database, ByteBuffer wal) {
    int frames() {
      return (wal.capacity() - WAL_HEADER) / frameBytes();
    }

    int frameBytes() {
      return FRAME_HEADER + wal.getInt(PAGE_SIZE_OFFSET);
    }
  }

  private Recorded record(List<Runnable> units) throws IOException {
    openRuntime();
    // A clean close empties the log, so that it holds the scenario's units alone.
    reopenStore();
    List<String> states = new ArrayList<>(List.of(read(StateText::of)));
    for (Runnable unit : units) {
      unit.run();
      states.add(read(StateText::of));
    }
    return new Recorded(states, ByteBuffer.wrap(Files.readAllBytes(folder().resolve("holdfast.db"))),
        ByteBuffer.wrap(Files.readAllBytes(folder().resolve("holdfast.db-wal"))));
  }

  /** The state that a start finds when only so many bytes of the log had reached the disk. */
  private String afterCrash(Recorded recorded, int walBytes, int no) throws IOException {
    Path crashed = Files.createDirectory(temp.resolve("crashed-" + no));
    Files.write(crashed.resolve("holdfast.db"), recorded.database().array());
    Files.write(crashed.resolve("holdfast.db-wal"), Arrays.copyOf(recorded.wal().array(), walBytes));
    try (Store store = SqliteStore.open(crashed, START)) {
      List<Event> events = store.read(state -> state.events(1, 1_000, null));
      assertEquals(LongStream.rangeClosed(1, events.size()).boxed().toList(), events.stream().map(Event::id).toList());
      return store.read(StateText::of);
    }
  }

  /** Stops the log behind every frame and in the middle of every frame. */
  private List<Integer> unitsFoundAtEveryCut(Recorded recorded) throws IOException {
    List<Integer> found = new ArrayList<>();
    for (int frame = 0; frame <= recorded.frames(); frame++) {
      int bytes = WAL_HEADER + frame * recorded.frameBytes();
      found.add(recorded.states().indexOf(afterCrash(recorded, bytes, 2 * frame)));
      if (frame < recorded.frames()) {
        int torn = bytes + recorded.frameBytes() / 2;
        found.add(recorded.states().indexOf(afterCrash(recorded, torn, 2 * frame + 1)));
      }
    }
    return found;
  }

  @Test
  @DisplayName("W-A22 kill at every write boundary of create, input and stop, and of a turn: after reopen event ids are "
      + "dense, entry and event pairs complete, and each unit of work is whole or not there")
  void killedAtEveryWrite() throws Exception {
    var worker = new WorkerId(1);
    var run = new ArrayList<NextWork.Run>();
    Recorded recorded = record(List.of(this::worker, () -> send(worker, "one"), () -> send(worker, "two"),
        () -> run.add(take(worker, HERE)), () -> append(run.getFirst(), 2, "half ", "an answer"),
        () -> done(committing(completing(run.getFirst(), "half an answer"))), () -> send(worker, "three"),
        () -> end(worker, LifecycleRules.Ending.STOP)));

    List<Integer> found = unitsFoundAtEveryCut(recorded);
    assertFalse(found.contains(-1), () -> "a state between two units of work was found: " + found);
    assertEquals(found.stream().sorted().toList(), found, "more on disk is never less found");
    assertEquals(0, found.getFirst());
    assertEquals(recorded.states().size() - 1, found.getLast());
  }

  @Test
  @DisplayName("mutant: an input whose changes are two units of work is caught")
  void piecemealInput() throws Exception {
    var worker = new WorkerId(1);
    Recorded recorded = record(List.of(this::worker, () -> {
      Decision<?> whole = read(
          state -> InputRules.accept(state, Sender.to(worker), InputDraft.user("split"), LIMITS, START));
      put(whole.changes().getFirst());
      whole.changes().subList(1, whole.changes().size()).forEach(this::put);
    }));
    assertTrue(unitsFoundAtEveryCut(recorded).contains(-1));
  }
}
