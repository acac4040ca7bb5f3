package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every byte of the journal, of the image and of the index's runs. */
class ByteDamageTest extends StoreSuite {
  private static final Set<Reason> TOLD =
      EnumSet.of(Reason.JOURNAL_DAMAGED, Reason.JOURNAL_TRUNCATED, Reason.STORE_CORRUPT);
  private static final String SEGMENT = "seg-0000000000000001.hfj";
  private static final int SEGMENT_HEAD = 64;
  private static final int HEAD = 48;
  private static final int MANY = 1_000;

  private final SimulatedDisk disk = SimulatedDisk.empty();
  /** Of the whole history, and without its last unit. */
  private String whole = "";
  private String shorter = "";
  private long low;
  private List<Worker> workers = List.of();
  private List<List<Object>> rows = List.of();

  private static Place place(Disk on) throws IOException {
    var settings = new Journal.Settings(FileStores.DIRECTORY_ID, 1, () -> 4711, 1 << 20, 256);
    return new Place(on.folder("journal"), on.folder("index"), new Quarantine(on.folder("quarantine")), settings);
  }

  /** All frames but the last are known to be there, as the launch state of a running node would tell of some. */
  private FileStore open(Disk on) {
    try {
      return FileStore.open(place(on), low);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Store open() {
    return open(disk);
  }

  @BeforeEach
  void write() throws IOException {
    WorkerId one = worker();
    WorkerId two = worker();
    for (WorkerId each : List.of(one, two)) {
      send(each, "a");
      runTurn(each, "b");
    }
    store().close();
    Place place = place(disk);
    try (Fold fold = Fold.open(place)) {
      Imaging begun = Imaging.begin(place, fold);
      begun.end(begun.write());
    }
    reopenStore();
    send(two, "c");
    send(one, "d");
    shorter = read(StateText::of);
    send(two, "e");
    whole = read(StateText::of);
    workers = read(state -> state.workers(0, MANY, null, null));
    rows = workers.stream().map(worker -> read(state -> rows(state, worker.id()))).toList();
    long frames = ((FileStore) store()).journal().lastFrame();
    store().close();
    low = frames - 1;
  }

  @Override
  protected Store reopen(Store closing) {
    return open();
  }

  private static List<Object> rows(State state, WorkerId worker) {
    return List.of(state.worker(worker), state.transcript(worker, 0, MANY), state.inputs(worker, 0, MANY, null),
        state.turns(worker, 0, MANY), state.lease(worker), state.workQueue(worker));
  }

  private SimulatedDisk copy() {
    return disk.afterPowerCut(new SplittableRandom(1));
  }

  private SimulatedDisk with(String folder, String name, byte[] bytes) throws IOException {
    SimulatedDisk copy = copy();
    WholeFiles.replace(copy.folder(folder), name, bytes);
    return copy;
  }

  private byte[] bytes(String folder, String name) throws IOException {
    return Objects.requireNonNull(WholeFiles.read(disk.folder(folder), name));
  }

  /** What a node finds there; an error where that is neither the truth nor said to be damaged. */
  private String verdict(Disk damaged, String what) {
    try (FileStore store = open(damaged)) {
      String text = store.read(StateText::of);
      List<Worker> quarantined = store.read(state -> state.workers(0, MANY, WorkerStatus.QUARANTINED, null));
      if (quarantined.isEmpty()) {
        assertTrue(text.equals(whole) || text.equals(shorter), () -> "wrong data: " + what);
        return text.equals(whole) ? "as it was" : "torn";
      }
      for (int i = 0; i < workers.size(); i++) {
        WorkerId id = workers.get(i).id();
        if (quarantined.stream().noneMatch(one -> one.id().equals(id))) {
          assertEquals(rows.get(i), store.read(state -> rows(state, id)), what);
        }
      }
      return "quarantined";
    } catch (StoreException e) {
      assertTrue(TOLD.contains(e.reason()), () -> what + ": " + e.reason() + " " + e.getMessage());
      return e.reason().code();
    }
  }

  private int count(String folder, String name, boolean harmless) throws IOException {
    byte[] file = bytes(folder, name);
    int end = file.length;
    while (end > 0 && file[end - 1] == 0) {
      end--;
    }
    int told = 0;
    for (int at = 0; at < end; at++) {
      byte[] flipped = file.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      told += judged(with(folder, name, flipped), name + " flipped at " + at, harmless);
      if (at % 3 == 0) {
        byte[] zeroed = file.clone();
        Arrays.fill(zeroed, at, end, (byte) 0);
        told += judged(with(folder, name, Arrays.copyOf(file, at)), name + " cut at " + at, harmless);
        told += judged(with(folder, name, zeroed), name + " zeroed from " + at, harmless);
      }
    }
    byte[] garbage = new byte[end];
    Arrays.fill(garbage, (byte) 0x5a);
    byte[] longer = Arrays.copyOf(file, file.length + 9);
    longer[file.length + 8] = 1;
    told += judged(with(folder, name, garbage), name + " garbage", harmless);
    told += judged(with(folder, name, longer), name + " with bytes behind it", true);
    told += judged(with(folder, name, new byte[0]), name + " empty", harmless);
    return told;
  }

  private int judged(Disk damaged, String what, boolean harmless) {
    String verdict = verdict(damaged, what);
    assertTrue(!harmless || verdict.equals("as it was"), () -> what + ": " + verdict);
    return verdict.equals("as it was") ? 0 : 1;
  }

  @Test
  @DisplayName("I-A24, I-A39 (journal) each byte flipped, cut, zeroed, appended: told or harmless, never wrong data")
  void journal() throws IOException {
    assertTrue(count("journal", SEGMENT, false) > MANY);
  }

  @Test
  @DisplayName("I-A24, I-A39 (image, runs) each byte flipped, cut, zeroed, appended: harmless, as they are made anew")
  void index() throws IOException {
    for (String name : disk.folder("index").list()) {
      assertEquals(0, count("index", name, true), name);
    }
  }

  @Test
  @DisplayName("I-A24 (mutant) a store that doesn't check a payload's CRC is caught: it would serve wrong data")
  void unchecked() throws IOException {
    byte[] file = bytes("journal", SEGMENT);
    SimulatedDisk fresh = copy();
    for (String name : fresh.folder("index").list()) {
      fresh.folder("index").delete(name);
    }
    fresh.folder("index").sync();
    assertThrows(AssertionError.class, () -> {
      for (int head = SEGMENT_HEAD; ByteBuffer.wrap(file, head, 4).getInt() != 0;) {
        int length = ByteBuffer.wrap(file, head + 36, 4).getInt();
        for (int at = 0; at < length; at++) {
          byte[] unnoticed = file.clone();
          unnoticed[head + HEAD + at] ^= 1;
          var crc = new CRC32C();
          crc.update(unnoticed, head + HEAD, length);
          ByteBuffer.wrap(unnoticed).putInt(head + HEAD + length, (int) crc.getValue());
          SimulatedDisk passed = fresh.afterPowerCut(new SplittableRandom(1));
          WholeFiles.replace(passed.folder("journal"), SEGMENT, unnoticed);
          verdict(passed, "unit at " + head + " byte " + at);
        }
        head += HEAD + length + 4;
      }
    });
  }

  @Test
  @DisplayName("I-A39 files of two backups: a journal with the index of a later one is journal_truncated, one with an earlier "
      + "one's is as it was; foreign files are harmless and not touched")
  void mixed() throws IOException {
    byte[] file = bytes("journal", SEGMENT);
    SimulatedDisk older = with("journal", SEGMENT, Arrays.copyOf(file, 400));
    assertEquals("journal_truncated", verdict(older, "an older journal"));
    SimulatedDisk foreign = copy();
    for (String folder : List.of("journal", "index", "quarantine")) {
      for (String name : List.of("README", "seg-1.hfj", "image-.hfi.bak", "run", "core.4711")) {
        WholeFiles.replace(foreign.folder(folder), name, new byte[] {1, 2, 3});
      }
    }
    assertEquals("as it was", verdict(foreign, "foreign files"));
    for (String folder : List.of("journal", "index", "quarantine")) {
      assertTrue(foreign.folder(folder).list().containsAll(List.of("README", "core.4711")), folder);
    }
  }

  @Test
  @DisplayName("I-A22 (frames) a frame of an epoch below its predecessor's is damage")
  void epochs() throws IOException {
    byte[] file = bytes("journal", SEGMENT);
    int second = SEGMENT_HEAD + HEAD + ByteBuffer.wrap(file, SEGMENT_HEAD + 36, 4).getInt() + 4;
    ByteBuffer.wrap(file).putInt(second + 4, 0);
    var crc = new CRC32C();
    crc.update(file, second, HEAD - 4);
    ByteBuffer.wrap(file).putInt(second + HEAD - 4, (int) crc.getValue() ^ 4711);
    SimulatedDisk lower = with("journal", SEGMENT, file);
    for (String name : lower.folder("index").list()) {
      lower.folder("index").delete(name);
    }
    assertEquals("journal_damaged", verdict(lower, "a lower epoch"));
  }
}
