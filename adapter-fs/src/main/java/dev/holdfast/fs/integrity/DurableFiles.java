package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Small files that are there whole or not at all, also after a power cut, and for their owner only. */
final class DurableFiles {
  static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private DurableFiles() {}

  /** Puts the text in the place of the file: temporary file, fsync, rename, fsync of the folder. */
  static void replace(Path file, String text) throws IOException {
    Path staged = file.resolveSibling(file.getFileName() + ".tmp");
    // What a crash left there was never part of the store, and it might not be readable by its owner only.
    Files.deleteIfExists(staged);
    try (FileChannel channel =
        FileChannel.open(staged, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_FILE)) {
      writeAll(channel, text);
      channel.force(true);
    }
    Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(folderOf(file));
  }

  static void writeAll(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Empty when there is no such file. Bytes that are no UTF-8 are damage for the reader of the text to find. */
  static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Makes the folder, and those above it that are missing, for their owner only. */
  static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    createFolders(folderOf(folder));
    try {
      Files.createDirectory(folder, OWNER_FOLDER);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    syncFolder(folderOf(folder));
  }

  /** Without it, a rename or a new file may be forgotten by a power cut although the file's bytes are on disk. */
  static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Deepest first; a link is removed, never followed. */
  static void removeAll(Path folder) throws IOException {
    removeAll(folder, () -> {
    });
  }

  /** @param beforeEach is run before each removal */
  static void removeAll(Path folder, Runnable beforeEach) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.forEach(all::add);
    }
    for (Path path : all.reversed()) {
      beforeEach.run();
      Files.deleteIfExists(path);
    }
  }

  /** @throws StoreException invalid_request when there is anything in a folder that is to be made */
  static void requireFree(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.newDirectoryStream(folder)) {
        if (files.iterator().hasNext()) {
          throw StoreException.unusable(Reason.INVALID_REQUEST,
              folder + " isn't empty; name a folder that isn't there");
        }
      }
    }
  }

  /** In bytes; what vanishes while it is looked at counts nothing. */
  static long sizeOf(Path folder) throws IOException {
    var size = new LongAdder();
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
        size.add(found.size());
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) {
        return FileVisitResult.CONTINUE;
      }
    });
    return size.sum();
  }

  static StoreException failed(String what, IOException cause) {
    return DiskFailure.of(what, cause);
  }

  static Path folderOf(Path path) {
    Path folder = path.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("the root of the file system is no data directory");
    }
    return folder;
  }
}
