package dev.holdfast.cli.access;

import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/**
 * A new file for a key's text, which nobody else can read. It is made before the key is, so that no key's text is ever lost
 * for want of a place, and taken away again when there will be none.
 */
final class KeyFile implements AutoCloseable {
  private static final int MAX_NAMES = 1_000;

  private final Path path;
  private boolean written;

  private KeyFile(Path path) {
    this.path = path;
  }

  /** @throws Refusal when there is such a file already: none is ever overwritten */
  static KeyFile at(Path path) {
    try {
      return made(path);
    } catch (FileAlreadyExistsException e) {
      throw Refusal.of(Reason.INVALID_REQUEST, path + " is there already; name another file with --out")
          .next("the same command with another --out");
    }
  }

  /** In the working folder, named after the key's label. */
  static KeyFile namedAfter(String label) {
    String name = label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String stem = name.isEmpty() ? "holdfast" : name;
    for (int i = 1; i <= MAX_NAMES; i++) {
      try {
        return made(Path.of(i == 1 ? stem + ".key" : stem + "-" + i + ".key"));
      } catch (FileAlreadyExistsException _) {
        // The next name may be free.
      }
    }
    throw Refusal.of(Reason.INVALID_REQUEST, "no name is free for the key's file; name one with --out");
  }

  private static KeyFile made(Path path) throws FileAlreadyExistsException {
    try {
      FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))).close();
      return new KeyFile(path);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      throw Refusal.of(Reason.INVALID_REQUEST, "the file " + path + " can't be made")
          .next("the same command with --out and a file in a folder that is there and yours to write in");
    }
  }

  void write(String key) {
    try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
      written = true;
    } catch (IOException e) {
      throw Refusal.of(Reason.STORE_IO,
          "the key was made, but " + path + " can't be written; revoke it and make another");
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (!written) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // An empty file of the user's own does no harm.
        return;
      }
    }
  }
}
