package dev.holdfast.fs.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.turns.leases.ProcessTable;
import dev.holdfast.domain.turns.leases.ProcessTableContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ProcFilesTest extends ProcessTableContract {
  private static final Path PROC = Path.of("/proc");

  @TempDir
  Path folder;

  @Override
  protected ProcFiles table() {
    try {
      return new ProcFiles(PROC, Files.writeString(folder.resolve("machine-id"), "0123456789abcdef\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("T-3 A process that lives is shown with one start time, and missing once it is dead and collected")
  void realProcess() throws IOException, InterruptedException {
    ProcFiles table = table();
    Process child = new ProcessBuilder("sleep", "60").start();
    ProcessTable.Present seen = assertInstanceOf(ProcessTable.Present.class, table.look(child.pid()));
    assertTrue(seen.processStart().matches("[0-9]+"), seen.processStart());
    assertEquals(seen, table.look(child.pid()));
    child.destroyForcibly();
    assertTrue(child.waitFor(10, TimeUnit.SECONDS));
    assertEquals(new ProcessTable.Missing(), table.look(child.pid()));
  }

  @Test
  @DisplayName("T-3 The host's name is equal for all who see the same pids, differs by machine, and tells nothing of its id")
  void host() throws IOException {
    ProcFiles table = table();
    assertTrue(table.hostId().matches("[0-9a-f]{32}"), table.hostId());
    assertEquals(table.hostId(), table().hostId());
    assertTrue(table.bootId().matches("[0-9a-f-]{36}"), table.bootId());
    var other = new ProcFiles(PROC, Files.writeString(folder.resolve("other"), "fedcba9876543210\n"));
    assertTrue(!other.hostId().equals(table.hostId()) && other.bootId().equals(table.bootId()));
  }

  @Test
  @DisplayName("T-3 What can't be read says that nobody is known to be dead: no table, no machine id, a torn line")
  void unreadable() throws IOException {
    var none = new ProcFiles(folder.resolve("no-proc"), folder.resolve("no-machine"));
    assertEquals("", none.hostId());
    assertEquals("", none.bootId());
    assertEquals(new ProcessTable.Unreadable(), none.look(1));
    assertEquals("", new ProcFiles(PROC, folder.resolve("no-machine")).hostId());
    assertEquals("", new ProcFiles(PROC, Files.createFile(folder.resolve("empty"))).hostId());
    Files.createDirectories(folder.resolve("7"));
    Files.writeString(folder.resolve("7/stat"), "7 (a) b) S 1 2");
    assertEquals(new ProcessTable.Unreadable(), new ProcFiles(folder, folder).look(7));
  }

  @Test
  @DisplayName("T-3 A process's name may hold blanks and brackets")
  void oddName() throws IOException {
    Files.createDirectories(folder.resolve("7"));
    Files.writeString(folder.resolve("7/stat"),
        "7 (a) (b 9) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21\n");
    assertEquals(new ProcessTable.Present("4711"), new ProcFiles(folder, folder).look(7));
  }
}
