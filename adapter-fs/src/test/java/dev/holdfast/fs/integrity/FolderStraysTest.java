package dev.holdfast.fs.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.integrity.StrayFiles;
import dev.holdfast.domain.integrity.StrayFilesContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStraysTest extends StrayFilesContract {
  @TempDir
  Path parent = Path.of(".");

  private Path folder() {
    return parent.resolve("data");
  }

  @Override
  protected StrayFiles strays() {
    return new FolderStrays(folder());
  }

  @Override
  protected void use() {
    FileDataDirectory.open(folder(), "filesystem", FileDataDirectoryTest.NOW, FileDataDirectoryTest.IDS).close();
  }

  @Override
  protected void put(String path) throws IOException {
    Path file = folder().resolve(path);
    Files.createDirectories(DurableFiles.folderOf(file));
    Files.writeString(file, "mine");
  }

  @Override
  protected Object everything() throws IOException {
    return Snapshots.of(folder());
  }

  @Test
  @DisplayName("what is half made by a write that was cut off isn't astray; a name that is nearly one of ours is")
  void names() throws IOException {
    use();
    for (String known : List.of("epoch.tmp", "keys/admin.key.tmp", "db/holdfast.db-wal", "fs/stores/revision.json.tmp",
        "fs/stores/revision.json.hf-batch-0123456789abcdef.staged", "fs/journal/seg-0000000000000001.hfj.new",
        "fs/index/run-0000000000000001.hfr", "fs/index/image-0000000000000001.hfi.new", "quarantine/anything",
        "backup/backup-20260101T000000Z-01234567/data/epoch")) {
      put(known);
    }
    assertEquals(List.of(), strays().names());
    List<String> strange = List.of("backup/mine.tar", "db/holdfast.db.bak", "fs/journal/seg-0000000000000001.hfj.bak",
        "fs/journal/seg-1.hfj", "fs/stores/other.json", "keys/id_rsa");
    for (String path : strange) {
      put(path);
    }
    assertEquals(strange, strays().names());
  }

  @Test
  @DisplayName("the first hundred are told")
  void many() throws IOException {
    for (int i = 100; i < 300; i++) {
      put("x" + i);
    }
    assertEquals(100, strays().names().size());
    assertEquals("x199", strays().names().getLast());
  }
}
