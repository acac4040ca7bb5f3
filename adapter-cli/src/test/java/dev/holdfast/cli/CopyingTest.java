package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.integrity.Copying;
import dev.holdfast.application.integrity.StoreCopy;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.StoreSwitch;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.WorkerChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies between the real backends that are stopped behind each unit of theirs, and by a kill. */
class CopyingTest {
  private static final int LONG = 40_000;
  /** Two of them are a unit of a journal, 27 one of a database. */
  private static final int ROWS_OF_FILES = 11;
  private static final int ROWS_OF_DATABASE = 120;
  private static final int UNITS = 5;
  private static final int MANY = 1_500;
  private static final long SOME_BYTES = 16 << 20;

  @TempDir
  Path folder = Path.of(".");

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Units beyond some are not written, and one may be lost on its way. */
  private record Stopping(Store store, AtomicInteger left, int lost) implements Store {
    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      int now = left.getAndDecrement();
      if (now == 0) {
        throw new Stop();
      }
      return now == lost ? store.read(state -> rule.decide(state).outcome()) : store.write(rule);
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      return store.read(query);
    }

    @Override
    public String backend() {
      return store.backend();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private static final class Heard implements Consumer<Copying.Progress> {
    private final List<Long> wentOn = new ArrayList<>();
    private int anew;

    @Override
    public void accept(Copying.Progress at) {
      if (at.step() == Copying.Step.GOES_ON) {
        wentOn.add(at.records());
      }
      anew += at.step() == Copying.Step.BEGINS_ANEW ? 1 : 0;
    }
  }

  private Node node(String backend) {
    return Node.open(new Node.Settings(backend, folder.resolve(backend).toString(), "127.0.0.1", 0, true),
        Map.of("holdfast.copying", true));
  }

  private static void remember(Store store, String key) {
    var record = new Remembered("scope", key, "f".repeat(LONG), "worker-00000001", Instant.EPOCH);
    store.write(_ -> Decision.done(true, List.of(new WorkerChange.KeyRemembered(record)))).orThrow();
  }

  private static void fill(Store store, int rows) {
    for (int i = 0; i < rows; i++) {
      remember(store, "key%06d".formatted(i));
    }
  }

  private static ExportSum sum(Store store) {
    return StoreCopy.sum(store, (_, _) -> {
    }, _ -> {
    });
  }

  /** One direction of copies. */
  private final class Direction implements AutoCloseable {
    private final String to;
    private final Node node;
    private final Store source;
    private final StoreSwitch change;
    private final StoreOpening opening;

    Direction(String from, String to) {
      this.to = to;
      this.node = node(from);
      this.source = node.use(Store.class);
      this.change = node.use(StoreSwitch.class);
      this.opening = node.use(StoreOpening.class, to);
    }

    ExportSum copied(String staged, Heard heard) {
      return new Copying(source, opening, change, heard).into(staged);
    }

    /** @return whether it was stopped */
    boolean isStopped(String staged, int units, int lost) {
      var left = new AtomicInteger(units);
      try {
        new Copying(source, place -> new Stopping(opening.open(place), left, lost), change, new Heard()).into(staged);
        return false;
      } catch (Stop e) {
        return true;
      }
    }

    String staged(Path into) {
      return change.stageInto(into.toString(), to);
    }

    @Override
    public void close() {
      node.close();
    }
  }

  private void eachUnit(String from, String to, int rows) {
    try (var copies = new Direction(from, to)) {
      fill(copies.source, rows);
      ExportSum before = sum(copies.source);
      assertEquals(before, copies.copied(copies.staged(folder.resolve("undisturbed")), new Heard()));
      int units = 0;
      while (copies.isStopped(copies.staged(folder.resolve("into" + units)), units, -1)) {
        Path into = folder.resolve("into" + units);
        var heard = new Heard();
        assertEquals(before, copies.copied(copies.staged(into), heard));
        assertEquals(units > 0, heard.wentOn.size() == 1, () -> "went on behind " + heard.wentOn);
        assertEquals(0, heard.anew);
        copies.change.adoptInto(into.toString(), to);
        units++;
      }
      assertTrue(units >= UNITS, "units: " + units);
      assertEquals(before, sum(copies.source));

      Path slowly = folder.resolve("slowly");
      int stops = 0;
      while (copies.isStopped(copies.staged(slowly), 1, -1)) {
        stops++;
      }
      assertEquals(before, copies.copied(copies.staged(slowly), new Heard()));
      assertEquals(units, stops + 1);
    }
  }

  @Test
  @DisplayName("I-85 a copy to plain files that is stopped behind any unit goes on there and ends with an undisturbed one's sum")
  void stoppedToFiles() {
    eachUnit("sqlite", "filesystem", ROWS_OF_FILES);
  }

  @Test
  @DisplayName("I-85 a copy to SQLite that is stopped behind any unit goes on there and ends with an undisturbed one's sum")
  void stoppedToDatabase() {
    eachUnit("filesystem", "sqlite", ROWS_OF_DATABASE);
  }

  @Test
  @DisplayName("I-85 a source that changed, and an unfinished copy that lost a unit, are noticed, and the copy is begun anew")
  void begunAnew() {
    try (var copies = new Direction("sqlite", "filesystem")) {
      fill(copies.source, ROWS_OF_FILES);
      assertTrue(copies.isStopped(copies.staged(folder.resolve("lost")), UNITS - 1, 2));
      assertTrue(copies.isStopped(copies.staged(folder.resolve("changed")), UNITS - 1, -1));
      assertTrue(copies.isStopped(copies.staged(folder.resolve("longer")), UNITS - 1, -1));

      var lost = new Heard();
      assertEquals(sum(copies.source), copies.copied(copies.staged(folder.resolve("lost")), lost));
      assertEquals(1, lost.anew);
      remember(copies.source, "later");
      var longer = new Heard();
      assertEquals(sum(copies.source), copies.copied(copies.staged(folder.resolve("longer")), longer));
      assertEquals(0, longer.anew, "what is there is still how it begins");
      remember(copies.source, "a key before the others");
      var changed = new Heard();
      assertEquals(sum(copies.source), copies.copied(copies.staged(folder.resolve("changed")), changed));
      assertEquals(1, changed.anew);
    }
  }

  private void killed(String from, String to) throws Exception {
    ExportSum before;
    try (Node node = node(from)) {
      fill(node.use(Store.class), MANY);
      before = sum(node.use(Store.class));
    }
    String data = folder.resolve(from).toString();
    Process copy = DaemonProcess.begun(List.of("store", "copy", "--to", to, "--data", data));
    while (copy.isAlive() && bytes(Path.of(data, "copying")) < SOME_BYTES) {
      Thread.onSpinWait();
    }
    copy.destroyForcibly().waitFor();

    Finished ended = Finished.inProcess(Map.of(), "store", "copy", "--to", to, "--data", data, "-o", "json");
    assertEquals(ExitCode.OK, ended.exitCode(), ended.err());
    assertTrue(ended.err().contains("an earlier copy was stopped behind"), ended.err());
    assertFalse(ended.err().contains("anew"), ended.err());
    assertEquals(before.digest().text(), Verb.text(ended.json(), "digest"));
    assertFalse(Files.exists(Path.of(data, "copying")));
  }

  private static long bytes(Path copying) throws IOException {
    if (!Files.isDirectory(copying)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(copying)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  @Test
  @DisplayName("I-85 a store copy to plain files that is killed goes on where it was")
  void killedToFiles() throws Exception {
    killed("sqlite", "filesystem");
  }

  @Test
  @DisplayName("I-85 a store copy to SQLite that is killed goes on where it was")
  void killedToDatabase() throws Exception {
    killed("filesystem", "sqlite");
  }
}
