package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process that is killed had acknowledged is there when its database is opened again: all of it, once, whole. */
@Timeout(120)
class KilledProcessTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  private Path folder;

  /** Kills the process when it has said so many lines, and takes in what was still on its way. */
  private List<String> acknowledgedBeforeKill(String manner, int lines) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), KilledWriter.class.getName(), folder.toString(), manner)
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> said = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.add(line);
        if (said.size() == lines) {
          // By its handle: the process itself would close what it has still to say.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertTrue(said.size() >= lines, "the process ended by itself");
    // The last line may have been cut.
    return said.subList(0, Math.max(0, said.size() - 1));
  }

  /** What was acknowledged and is not there; throws when what is there isn't whole. */
  private Set<String> lost(List<String> acknowledged) {
    try (Store store = SqliteStore.open(folder, NOW)) {
      Set<String> missing = new HashSet<>(acknowledged);
      store.read(state -> {
        missing.removeAll(contents(state));
        return missing;
      });
      return missing;
    }
  }

  private static Set<String> contents(State state) {
    List<Event> events = state.events(1, Integer.MAX_VALUE, null);
    assertEquals(LongStream.rangeClosed(1, state.lastEventId()).boxed().toList(),
        events.stream().map(Event::id).toList());
    Set<String> contents = new HashSet<>();
    for (Worker worker : state.workers(0, 100, null, null)) {
      List<Input> inputs = state.inputs(worker.id(), 0, Integer.MAX_VALUE, null);
      List<TranscriptEntry> entries = state.transcript(worker.id(), 0, Integer.MAX_VALUE);
      assertEquals(worker.transcriptLength(), entries.size());
      assertEquals(inputs.stream().map(Input::entry).toList(), entries);
      assertEquals(inputs.size(), state.workQueue(worker.id()).pendingInputs());
      assertEquals(state.events(1, Integer.MAX_VALUE, worker.id()).stream().map(Event::id).skip(1).toList(),
          inputs.stream().map(Input::id).map(InputId::number).toList());
      inputs.forEach(input -> contents.add(input.content()));
      assertEquals(inputs.size(), inputs.stream().map(Input::content).distinct().count());
    }
    return contents;
  }

  @Test
  @DisplayName("after kill -9 at any moment, again and again on one database, nothing that was acknowledged is lost")
  void nothingIsLost() throws Exception {
    for (int lines : List.of(1, 40, 700, 3_000)) {
      List<String> acknowledged = acknowledgedBeforeKill(KilledWriter.TRUTHFUL, lines);

      assertEquals(Set.of(), lost(acknowledged), "killed behind line " + lines);
    }
  }

  @Test
  @DisplayName("the recount can fail: it misses the inputs of a process that acknowledges before it has written")
  void recountFindsWhatIsLost() throws Exception {
    List<String> acknowledged = acknowledgedBeforeKill(KilledWriter.HASTY, 2_000);

    assertFalse(lost(acknowledged).isEmpty());
  }
}
