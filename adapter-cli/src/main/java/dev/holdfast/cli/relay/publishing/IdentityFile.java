package dev.holdfast.cli.relay.publishing;

import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.publishers.Registration;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a publisher keeps who it is at a node. Only its user can read the file, and only one process uses it at a time: another one
 * on the same machine takes the next file, and so is another publisher.
 */
final class IdentityFile implements AutoCloseable {
  private static final FileAttribute<?> OWN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWN_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final int MAX_FILES = 64;

  private final Path file;
  private final String node;
  private final FileChannel locked;

  private IdentityFile(Path file, String node, FileChannel locked) {
    this.file = file;
    this.node = node;
    this.locked = locked;
  }

  /** The first that no other process uses, in the folder of the user's configuration. */
  static IdentityFile in(Path folder, String node) {
    URI address = URI.create(node);
    String name = (address.getHost() + "_" + (address.getPort() < 0 ? address.getScheme() : address.getPort()))
        .replaceAll("[^A-Za-z0-9._-]", "");
    for (int i = 1; i <= MAX_FILES; i++) {
      IdentityFile free = tried(folder.resolve("publishers").resolve(name + (i == 1 ? "" : "-" + i) + ".json"), node);
      if (free != null) {
        return free;
      }
    }
    throw Refusal.of(Reason.INVALID_REQUEST, MAX_FILES + " publishers of that node run on this machine already");
  }

  /** @throws Refusal when another process uses it */
  static IdentityFile at(Path file, String node) {
    IdentityFile free = tried(file.toAbsolutePath(), node);
    if (free == null) {
      throw Refusal.of(Reason.INVALID_REQUEST, "another process publishes with the identity in " + file);
    }
    return free;
  }

  private static @Nullable IdentityFile tried(Path file, String node) {
    try {
      Files.createDirectories(file.getParent(), OWN_FOLDER);
      FileChannel channel = FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"),
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWN);
      if (lock(channel) != null) {
        return new IdentityFile(file, node, channel);
      }
      channel.close();
      return null;
    } catch (IOException e) {
      throw Refusal.of(Reason.INVALID_REQUEST,
          "the identity can't be kept at " + file + "; name a file with --identity");
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Empty where there is none of this node. */
  Optional<Registration.Presented> read() {
    try {
      Map<String, @Nullable Object> members = Json.parse(Files.readString(file)).members();
      return node.equals(members.get("node")) && members.get("publisher_id") instanceof String id
          && members.get("secret") instanceof String secret
              ? Optional.of(new Registration.Presented(id, secret))
              : Optional.empty();
    } catch (NoSuchFileException | JsonException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Refusal.of(Reason.INVALID_REQUEST, "the identity in " + file + " can't be read");
    }
  }

  /** Durable when it returns: whoever reads the file later reads the whole of this or the whole of what was before. */
  void write(Registration.Presented identity) {
    Json content = Json.object("node", node, "publisher_id", identity.publisher(), "secret", identity.secret());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      try (FileChannel channel =
          FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWN)) {
        ByteBuffer bytes = ByteBuffer.wrap((content.text() + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw Refusal.of(Reason.STORE_IO, "the identity can't be kept at " + file);
    }
  }

  Path path() {
    return file;
  }

  @Override
  public void close() {
    try {
      locked.close();
    } catch (IOException e) {
      // It ends with the process at the latest.
      return;
    }
  }
}
