package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.DiagnosticRules;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A journal into which something of another journal was put. */
class ForeignJournalTest extends StoreSuite {
  private static final String SEGMENT = "seg-0000000000000001.hfj";
  private static final String THEIRS = "what another one wrote";
  private static final int SEGMENT_HEAD = 64;
  private static final int HEAD = 48;
  private static final int TAIL = 4;

  private Place place = place(SimulatedDisk.empty(), "dd-0123456789abcdef", 4711);

  private static Place place(Disk disk, String directory, int salt) {
    try {
      var settings = new Journal.Settings(directory, 1, () -> salt, 1 << 20, 1_024);
      return new Place(disk.folder("journal"), disk.folder("index"), new Quarantine(disk.folder("quarantine")),
          settings);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Store open() {
    return FileStore.open(place);
  }

  private byte[] written(String text) throws IOException {
    WorkerId worker = worker();
    for (int i = 0; i < 4; i++) {
      send(worker, text + " " + i);
      runTurn(worker, text + " answered " + i);
    }
    store().close();
    return bytes(place);
  }

  private static byte[] bytes(Place of) throws IOException {
    try (Disk.File file = of.journal().open(SEGMENT)) {
      byte[] bytes = new byte[(int) file.size()];
      file.read(0, bytes, 0, bytes.length);
      return bytes;
    }
  }

  /** The frames of a segment, whole. */
  private static List<byte[]> frames(byte[] segment) {
    List<byte[]> frames = new ArrayList<>();
    int at = SEGMENT_HEAD;
    while (at + HEAD < segment.length && segment[at] != 0) {
      int size = HEAD + ByteBuffer.wrap(segment).getInt(at + 40 - 4) + TAIL;
      frames.add(Arrays.copyOfRange(segment, at, at + size));
      at += size;
    }
    return frames;
  }

  private static byte[] segment(byte[] head, List<byte[]> frames) {
    int length = SEGMENT_HEAD + frames.stream().mapToInt(frame -> frame.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(length + 1_024);
    bytes.put(head, 0, SEGMENT_HEAD);
    frames.forEach(bytes::put);
    return bytes.array();
  }

  private static Place with(byte[] segment) throws IOException {
    Place made = place(SimulatedDisk.empty(), "dd-0123456789abcdef", 4711);
    try (Disk.File file = made.journal().create(SEGMENT)) {
      file.write(0, segment, 0, segment.length);
    }
    return made;
  }

  /** What a start tells: the reason of a refusal, or what it shows. */
  private static String told(byte[] segment) throws IOException {
    Place made = with(segment);
    byte[] before = bytes(made);
    try (Store store = FileStore.open(made)) {
      return store.read(StateText::of);
    } catch (StoreException e) {
      assertArrayEquals(before, bytes(made));
      assertEquals(Reason.STORE_CORRUPT, e.ofOpening().reason());
      return e.reason().code();
    }
  }

  @Test
  @DisplayName("W-A20 a segment of another data directory, of an unknown form, and of frames of this journal in another order: "
      + "journal_damaged, nothing is changed")
  void segments() throws IOException {
    byte[] ours = written("ours");
    List<byte[]> frames = frames(ours);
    assertTrue(frames.size() > 8, () -> frames.size() + " frames");
    assertEquals(told(ours), told(segment(ours, frames)), "taken apart and put together");
    byte[] unknown = ours.clone();
    unknown[7] = '2';
    assertEquals("journal_damaged", told(unknown));
    List<byte[]> twice = new ArrayList<>(frames);
    twice.add(5, frames.get(4));
    assertEquals("journal_damaged", told(segment(ours, twice)));
    Place other = place(SimulatedDisk.empty(), "dd-fedcba9876543210", 4711);
    try (Disk.File file = other.journal().create(SEGMENT)) {
      file.write(0, ours, 0, ours.length);
    }
    assertEquals(Reason.JOURNAL_DAMAGED, assertThrows(StoreException.class, () -> FileStore.open(other)).reason());
  }

  @Test
  @DisplayName("W-A20 units of another journal, a worker's transcript entries among them, in the place of our own, between them, or behind "
      + "them: told, and never served")
  void frames() throws IOException {
    byte[] ours = written("ours");
    place = place(SimulatedDisk.empty(), "dd-0123456789abcdef", 815);
    openFresh();
    byte[] theirs = written(THEIRS);
    List<byte[]> own = frames(ours);
    List<byte[]> foreign = frames(theirs);
    for (int at = 0; at < own.size() - 1; at++) {
      List<byte[]> replaced = new ArrayList<>(own);
      replaced.set(at, foreign.get(at));
      assertEquals("journal_damaged", told(segment(ours, replaced)), "in the place of " + at);
      List<byte[]> between = new ArrayList<>(own);
      between.add(at, foreign.get(at));
      assertEquals("journal_damaged", told(segment(ours, between)), "before " + at);
    }
    behind(ours, own, foreign.getLast());
  }

  private static void behind(byte[] ours, List<byte[]> own, byte[] foreign) throws IOException {
    List<byte[]> longer = new ArrayList<>(own);
    longer.add(foreign);
    Place made = with(segment(ours, longer));
    try (Store store = FileStore.open(made)) {
      assertEquals(told(ours), store.read(StateText::of));
      assertFalse(store.read(StateText::of).contains(THEIRS));
      store.write(state -> DiagnosticRules.tellDamage(state, 100, START)).orThrow();
      assertTrue(store.read(state -> state.diagnostics(0, 100, null, null)).stream()
          .anyMatch(one -> one.code() == Diagnostic.Code.LOG_TAIL_TRUNCATED));
    }
    assertFalse(new String(bytes(made), StandardCharsets.ISO_8859_1).contains(THEIRS));
  }
}
