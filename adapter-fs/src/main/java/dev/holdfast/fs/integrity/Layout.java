package dev.holdfast.fs.integrity;

import java.nio.file.Path;
import java.util.List;

/** Every path in a data directory, made of fixed names and nothing else (spec I-10). */
record Layout(Path root) {
  /** Those that have a folder of their own. */
  static final List<String> BACKENDS = List.of("sqlite", "filesystem");

  /** Opened by {@link DirectoryLock} only: closing any channel on it would give the process's lock away. */
  Path lock() {
    return root.resolve("holdfast.lock");
  }

  Path epoch() {
    return root.resolve("epoch");
  }

  Path identity() {
    return root.resolve("store.json");
  }

  /** There until a launch has written the stores of a new folder, or of one that was given to another backend. */
  Path fresh() {
    return root.resolve("first-launch");
  }

  Path keys() {
    return root.resolve("keys");
  }

  Path adminKey() {
    return keys().resolve("admin.key");
  }

  Path auditKey() {
    return keys().resolve("audit.key");
  }

  /** There only while a {@link FileDiskProbe} is open. */
  Path diskProbe() {
    return root.resolve("disk-probe");
  }

  /** Of backups, and of the copies that are made before a schema changes. */
  Path backups() {
    return root.resolve("backup");
  }

  /** There only while a store of another backend is made. */
  Path copying() {
    return root.resolve("copying");
  }

  /** Names the backend of a copy from when it is whole until the directory is of it: till then the store in its place is no node's. */
  Path whole() {
    return copying().resolve("whole");
  }

  /** The folder of a backend's store. */
  Path store(String backend) {
    return switch (backend) {
      case "sqlite" -> root.resolve("db");
      case "filesystem" -> root.resolve("fs");
      default -> throw new IllegalArgumentException("a backend without a folder: " + backend);
    };
  }

  /** The folders that come into being only after store.json: one of them without it means that it was lost. */
  List<Path> contents() {
    return List.of(keys(), store("sqlite"), store("filesystem"));
  }
}
