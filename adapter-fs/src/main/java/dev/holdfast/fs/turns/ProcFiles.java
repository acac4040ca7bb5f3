package dev.holdfast.fs.turns;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.turns.leases.ProcessTable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process table that Linux shows under {@code /proc}; see proc(5). Where there is none, or it can't be read, nobody is
 * ever taken for dead.
 */
@Singleton
final class ProcFiles implements ProcessTable {
  /** Behind the name, which may hold anything, the start time is field 22, and the state, field 3, is the first. */
  private static final int START_TIME = 22 - 3;

  private final Path proc;
  private final String hostId;
  private final String bootId;

  @Inject
  ProcFiles() {
    this(Path.of("/proc"), Path.of("/etc/machine-id"));
  }

  /** @param machine the file that names the machine */
  ProcFiles(Path proc, Path machine) {
    this.proc = proc;
    this.hostId = hostId(proc, machine);
    this.bootId = line(proc.resolve("sys/kernel/random/boot_id")).orElse("");
  }

  /** A pid means something within its namespace only, so that is part of the name; nobody is told the machine's own. */
  private static String hostId(Path proc, Path machine) {
    Optional<String> of = line(machine);
    try {
      String namespace = Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
      return of.isEmpty() ? "" : Digests.sha256Hex(of.get() + "\n" + namespace).substring(0, 32);
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** The file's only line; empty when it can't be read or is empty. */
  private static Optional<String> line(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public String hostId() {
    return hostId;
  }

  @Override
  public String bootId() {
    return bootId;
  }

  @Override
  public Look look(long pid) {
    String stat;
    try {
      stat = Files.readString(proc.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      // A table that doesn't even show this process shows nothing of others.
      return Files.exists(proc.resolve("self/stat")) ? new Missing() : new Unreadable();
    } catch (IOException e) {
      return new Unreadable();
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    return fields.length > START_TIME ? new Present(fields[START_TIME]) : new Unreadable();
  }
}
