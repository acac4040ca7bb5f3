package dev.holdfast.fs.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.DataDirectoryContract;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDataDirectoryTest extends DataDirectoryContract {
  static final Instant NOW = Instant.parse("2026-11-21T06:00:00.123456Z");
  static final Ids IDS = digits -> "0123456789abcdef".repeat(4).substring(0, digits);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  private Path folder() {
    return temp.resolve("deep").resolve("data");
  }

  private Path file(String name) {
    return folder().resolve(name);
  }

  @Override
  protected DataDirectory open() {
    return FileDataDirectory.open(folder(), "sqlite", NOW, IDS);
  }

  private StoreException refusal() {
    return assertThrows(StoreException.class, () -> open().close());
  }

  private static String modeOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  @DisplayName("A-A5 every file is 0600 and every folder 0700, the missing ones above the data directory as well")
  void permissionsAsMade() throws IOException {
    try (DataDirectory directory = open()) {
      directory.writeAdminKey(PresentedKey.random(IDS));
      for (Path path : List.of(folder().getParent(), folder(), file("keys"))) {
        assertEquals("rwx------", modeOf(path), path.toString());
      }
      for (String name : List.of("holdfast.lock", "epoch", "store.json", "keys/admin.key")) {
        assertEquals("rw-------", modeOf(file(name)), name);
      }
    }
  }

  @Test
  @DisplayName("store.json says format, id, backend and time, once and for all")
  void identityFile() throws IOException {
    open().close();
    String text = """
        {"backend":"sqlite","created_at":"2026-11-21T06:00:00.123Z","data_dir_id":"dd-0123456789abcdef","format":1}
        """;
    assertEquals(text, Files.readString(file("store.json")));
    FileDataDirectory.open(folder(), "sqlite", NOW.plusSeconds(60), digits -> "f".repeat(digits)).close();
    assertEquals(text, Files.readString(file("store.json")));
  }

  @Test
  @DisplayName("A-73 a folder open to others is refused with the command that mends it, and nothing is written")
  void openToOthers() throws IOException {
    Files.createDirectories(folder());
    for (String mode : List.of("rwxr-xr-x", "rwxr-x---", "rwx--x---", "rwx-----x", "rwx-w----")) {
      setMode(folder(), mode);
      StoreException refused = refusal();
      assertEquals(Reason.DATA_DIR_PERMISSIONS, refused.reason());
      assertTrue(String.valueOf(refused.getMessage()).endsWith("chmod 700 " + folder().toRealPath()), mode);
      assertEquals(1, Snapshots.of(folder()).size(), "the folder and nothing in it");
    }
  }

  @Test
  @DisplayName("A-73 a folder of keys open to others is refused as well")
  void keysOpenToOthers() throws IOException {
    open().close();
    setMode(file("keys"), "rwxr-xr-x");
    assertEquals(Reason.DATA_DIR_PERMISSIONS, refusal().reason());
    setMode(file("keys"), "rwx------");
    open().close();
  }

  @Test
  @DisplayName("A-60 another backend's folder is refused and stays as it is, byte for byte")
  void otherBackend() throws IOException {
    open().close();
    Map<Path, String> before = Snapshots.of(folder());
    StoreException refused =
        assertThrows(StoreException.class, () -> FileDataDirectory.open(folder(), "filesystem", NOW, IDS));
    assertEquals(Reason.SCHEMA_MISMATCH, refused.reason());
    assertTrue(String.valueOf(refused.getMessage()).contains("--store sqlite"), refused.getMessage());
    assertEquals(before, Snapshots.of(folder()));
  }

  @Test
  @DisplayName("a folder of a newer format is refused and stays as it is, byte for byte, whatever else it says")
  void newerFormat() throws IOException {
    open().close();
    Files.writeString(file("store.json"), "{\"format\":2,\"backend\":{}}");
    Map<Path, String> before = Snapshots.of(folder());
    assertEquals(Reason.FUTURE_SCHEMA, refusal().reason());
    assertEquals(before, Snapshots.of(folder()));
  }

  @Test
  @DisplayName("a damaged store.json is told and not written over")
  void damagedIdentity() throws IOException {
    open().close();
    String whole = Files.readString(file("store.json"));
    List<String> damaged =
        List.of("", "{bad", "[]", "{}", "\0\0\0", whole.substring(0, 40), whole.replace("dd-0", "dd-X"),
            whole.replace(":1}", ":0}"), whole + "{}");
    for (String text : damaged) {
      Files.writeString(file("store.json"), text);
      assertEquals(Reason.STORE_CORRUPT, refusal().reason(), text);
      assertEquals(text, Files.readString(file("store.json")));
    }
    Files.write(file("store.json"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertEquals(Reason.STORE_CORRUPT, refusal().reason());
  }

  @Test
  @DisplayName("a damaged epoch is told and not written over")
  void damagedEpoch() throws IOException {
    open().close();
    for (String text : List.of("", "x", "0", "-1", "9223372036854775807", "9223372036854775808", "1 2")) {
      Files.writeString(file("epoch"), text);
      assertEquals(Reason.STORE_CORRUPT, refusal().reason(), text);
      assertEquals(text, Files.readString(file("epoch")));
    }
  }

  @Test
  @DisplayName("data without their store.json are not taken for a new folder")
  void lostIdentity() throws IOException {
    open().close();
    Files.delete(file("store.json"));
    assertEquals(Reason.STORE_MISSING, refusal().reason());
    assertFalse(Files.exists(file("store.json")));
  }

  @Test
  @DisplayName("I-4 a lost epoch is refused with the ways out, and nothing is written; a higher number is one of them")
  void lostEpoch() throws IOException {
    open().close();
    open().close();
    Files.delete(file("epoch"));
    Map<Path, String> before = Snapshots.of(folder());
    StoreException refused = refusal();
    assertEquals(Reason.STORE_MISSING, refused.reason());
    assertTrue(
        String.valueOf(refused.getMessage()).contains(folder().toRealPath().resolve("epoch") + " is not; restore"),
        refused.getMessage());
    assertEquals(before, Snapshots.of(folder()));
    Files.writeString(file("epoch"), "100\n");
    try (DataDirectory directory = open()) {
      assertEquals(101, directory.epoch());
    }
  }

  @Test
  @DisplayName("unknown files are left alone")
  void unknownFiles() throws IOException {
    DurableFiles.createFolders(folder());
    Files.writeString(file("notes.txt"), "mine");
    open().close();
    assertEquals("mine", Files.readString(file("notes.txt")));
  }

  @Test
  @DisplayName("a crash between a temporary file and its rename leaves what was there before")
  void staleTemporaryFiles() throws IOException {
    open().close();
    for (String name : List.of("epoch.tmp", "store.json.tmp", "keys/admin.key.tmp")) {
      Files.writeString(file(name), "half of someth");
    }
    try (DataDirectory directory = open()) {
      assertEquals(2, directory.epoch());
      assertEquals("dd-0123456789abcdef", directory.id());
      directory.writeAdminKey(PresentedKey.random(IDS));
      assertEquals("rw-------", modeOf(Path.of(directory.adminKeyFile())));
    }
  }

  @Test
  @DisplayName("the audit key's file is its owner's alone; a damaged one is refused and stays as it is")
  void auditKeyFile() throws IOException {
    try (DataDirectory directory = open()) {
      directory.auditKey();
      assertEquals("rw-------", modeOf(file("keys/audit.key")));
      Files.writeString(file("keys/audit.key"), "half of a k");
      StoreException refused = assertThrows(StoreException.class, directory::auditKey);
      assertEquals(Reason.STORE_CORRUPT, refused.reason());
      assertEquals("half of a k", Files.readString(file("keys/audit.key")));
    }
  }

  @Test
  @DisplayName("a first start that crashed at any step is a first start again")
  void crashInFirstStart() throws IOException {
    DurableFiles.createFolders(folder());
    Files.writeString(file("holdfast.lock"), "{\"pid\":1");
    Files.writeString(file("epoch.tmp"), "1");
    try (DataDirectory directory = open()) {
      assertEquals(1, directory.epoch());
    }
    Files.delete(file("store.json"));
    Files.delete(file("keys"));
    Files.writeString(file("store.json.tmp"), "{");
    try (DataDirectory directory = open()) {
      assertEquals(2, directory.epoch());
    }
  }

  @Test
  @DisplayName("I-A22 the epoch grows over 100 restarts")
  void hundredRestarts() {
    for (int i = 1; i <= 100; i++) {
      try (DataDirectory directory = open()) {
        assertEquals(i, directory.epoch());
      }
    }
  }

  @Test
  @DisplayName("another path to the same folder meets the same lock")
  void linkToTheFolder() throws IOException {
    try (DataDirectory _ = open()) {
      Path link = Files.createSymbolicLink(temp.resolve("link"), folder());
      StoreException refused =
          assertThrows(StoreException.class, () -> FileDataDirectory.open(link, "sqlite", NOW, IDS));
      assertEquals(Reason.DATA_DIR_LOCKED, refused.reason());
    }
  }

  @Test
  @DisplayName("a temporary directory is its owner's only and gone after closing; what a link in it names is not")
  void temporary() throws IOException {
    Path kept = Files.writeString(temp.resolve("kept"), "kept");
    DataDirectory directory = FileDataDirectory.temporary("memory", NOW, IDS);
    Path root = Path.of(directory.location());
    directory.writeAdminKey(PresentedKey.random(IDS));
    Files.createSymbolicLink(root.resolve("link"), temp);
    assertEquals("rwx------", modeOf(root));
    directory.close();
    directory.close();
    assertFalse(Files.exists(root));
    assertTrue(Files.exists(kept));
  }
}
