package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link StoreSwitch} promises. */
public abstract class StoreSwitchContract {
  private static final String PRESENT = "sqlite";
  private static final String OTHER = "filesystem";

  /** Of a directory that is a store of SQLite's and stays the same for a test. */
  protected abstract StoreSwitch open();

  /** The name of the backend that the directory says to be of. */
  protected abstract String backend() throws IOException;

  private static void make(String staged, String folder, String text) throws IOException {
    Path made = Files.createDirectory(Path.of(staged).resolve(folder));
    Files.writeString(made.resolve("data"), text);
  }

  @Test
  @DisplayName("I-85 what was made in the staged folder is in its place once it is adopted, and the directory is of its backend")
  void adopted() throws IOException {
    StoreSwitch opened = open();
    String staged = opened.stage(OTHER);
    make(staged, "fs", "new");
    assertEquals(PRESENT, backend());

    Path place = Path.of(opened.adopt(OTHER));

    assertEquals("new", Files.readString(place.resolve("data")));
    assertEquals(OTHER, backend());
    assertFalse(Files.exists(Path.of(staged)));
  }

  @Test
  @DisplayName("a switch that was never adopted changes nothing, and the next one finds what it has made, or empties it")
  void goneOnWith() throws IOException {
    make(open().stage(OTHER), "fs", "half");
    assertEquals(PRESENT, backend());

    StoreSwitch opened = open();
    Path staged = Path.of(opened.stage(OTHER));
    assertEquals("half", Files.readString(staged.resolve("fs/data")));
    opened.empty(staged.toString());
    assertFalse(Files.exists(staged.resolve("fs")));
    make(staged.toString(), "fs", "new");
    opened.adopt(OTHER);
    assertEquals(OTHER, backend());
  }

  @Test
  @DisplayName("a store that is there, used or not, is never written over")
  void nothingIsLost() throws IOException {
    StoreSwitch opened = open();
    make(opened.stage(OTHER), "fs", "new");
    Path place = Path.of(opened.adopt(OTHER));

    StoreException refused = assertThrows(StoreException.class, () -> open().stage(OTHER));
    assertEquals(Reason.INVALID_REQUEST, refused.reason());
    assertTrue(String.valueOf(refused.getMessage()).contains(place.toString()), refused.getMessage());
    assertEquals("new", Files.readString(place.resolve("data")));
  }

  @Test
  @DisplayName("I-85 a copy into another directory is whole in one step, and leaves the one that was copied as it is")
  void elsewhere(@TempDir Path folder) throws IOException {
    String into = folder.resolve("copy").toString();
    make(open().stageInto(into, OTHER), "fs", "half");
    StoreSwitch opened = open();
    String staged = opened.stageInto(into, OTHER);
    assertEquals("half", Files.readString(Path.of(staged).resolve("fs/data")));
    opened.empty(staged);
    make(staged, "fs", "new");
    assertFalse(Files.exists(Path.of(into)));

    Path copy = Path.of(opened.adoptInto(into, OTHER));

    assertEquals(Path.of(into), copy);
    assertEquals("new", Files.readString(copy.resolve("fs/data")));
    assertTrue(Files.readString(copy.resolve("store.json")).contains(OTHER));
    assertFalse(Files.exists(Path.of(staged)));
    assertEquals(PRESENT, backend());
  }

  @Test
  @DisplayName("what an unfinished copy to another backend has left isn't gone on with")
  void ofAnotherBackend(@TempDir Path folder) throws IOException {
    String into = folder.resolve("copy").toString();
    make(open().stageInto(into, PRESENT), "db", "half");
    try (var left = Files.list(Path.of(open().stageInto(into, OTHER)))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  @DisplayName("a directory with anything in it is no place for a copy; an empty one is")
  void neverOver(@TempDir Path folder) throws IOException {
    Path into = Files.createDirectory(folder.resolve("copy"));
    StoreSwitch opened = open();
    make(opened.stageInto(into.toString(), OTHER), "fs", "new");
    Path foreign = Files.writeString(into.resolve("foreign"), "text");

    assertEquals(Reason.INVALID_REQUEST,
        assertThrows(StoreException.class, () -> opened.adoptInto(into.toString(), OTHER)).reason());
    assertEquals(Reason.INVALID_REQUEST,
        assertThrows(StoreException.class, () -> opened.stageInto(into.toString(), OTHER)).reason());
    assertEquals("text", Files.readString(foreign));

    Files.delete(foreign);
    opened.adoptInto(into.toString(), OTHER);
    assertEquals("new", Files.readString(into.resolve("fs/data")));
  }
}
