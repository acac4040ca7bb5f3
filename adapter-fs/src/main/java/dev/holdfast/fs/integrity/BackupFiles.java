package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of one backup: what it says of itself, and a data directory. */
record BackupFiles(Path folder) {
  private static final int CHUNK = 1 << 16;

  Path about() {
    return folder.resolve("backup.json");
  }

  Layout data() {
    return new Layout(folder.resolve("data"));
  }

  /**
   * @return empty where there is none
   * @throws StoreException store_corrupt
   */
  Optional<Backup> read() throws IOException {
    Optional<String> text = DurableFiles.read(about());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Backup.read(JsonMembers.of(Json.parse(text.get()))));
    } catch (JsonException | JsonMembers.Mismatch e) {
      throw StoreException.unusable(Reason.STORE_CORRUPT, about() + " isn't what a backup says of itself: "
          + e.getMessage(), e);
    }
  }

  void write(Backup backup) throws IOException {
    DurableFiles.replace(about(), backup.json().text() + "\n");
  }

  /** Each file of its data with its hash, all of them durable, by path. */
  List<Backup.File> collect() throws IOException {
    List<Backup.File> files = new ArrayList<>();
    List<Path> all;
    try (Stream<Path> tree = Files.walk(data().root())) {
      all = tree.sorted().toList();
    }
    for (Path path : all) {
      if (Files.isDirectory(path)) {
        DurableFiles.syncFolder(path);
      } else {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        files.add(new Backup.File(data().root().relativize(path).toString(), Files.size(path), hash(path)));
      }
    }
    return files;
  }

  static ContentHash hash(Path file) throws IOException {
    MessageDigest digest = Digests.begin();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
    return ContentHash.ofDigest(digest.digest());
  }
}
