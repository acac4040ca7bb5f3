package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operating system's lock on a data directory (spec I-3). It lives as long as the process or this object does.
 *
 * <p>POSIX gives a lock away when its process closes <em>any</em> channel on the file, so nothing else may open the file, and
 * a second opening in this process is refused before it touches it.
 */
final class DirectoryLock implements AutoCloseable {
  /** The folders held by this process, by what the file system calls them, whatever path led there. */
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();
  private static final int LONGEST_ENTRY = 4096;

  private final Object folder;
  private final FileChannel channel;

  private DirectoryLock(Object folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** @throws StoreException data_dir_locked, naming the holder; nothing was written then */
  static DirectoryLock take(Layout layout, Instant now) throws IOException {
    Object folder = identityOf(layout.root());
    if (!HELD.add(folder)) {
      throw locked(layout, "this process");
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(layout.lock(),
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
          DurableFiles.OWNER_FILE);
      if (channel.tryLock() == null) {
        throw locked(layout, LockHolder.describe(entryIn(channel)));
      }
      channel.truncate(0);
      DurableFiles.writeAll(channel, LockHolder.self(now).text());
      taken = true;
      return new DirectoryLock(folder, channel);
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        HELD.remove(folder);
      }
    }
  }

  private static StoreException locked(Layout layout, String holder) {
    return StoreException.unusable(Reason.DATA_DIR_LOCKED, layout.root() + " is held by " + holder);
  }

  private static Object identityOf(Path root) throws IOException {
    Object key = Files.readAttributes(root, BasicFileAttributes.class).fileKey();
    return key == null ? root : key;
  }

  private static String entryIn(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST_ENTRY);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
      // until full or at the end
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  /** Idempotent. The file stays: removing it would let two processes hold a lock on two files of one name. */
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.truncate(0);
    } finally {
      channel.close();
      HELD.remove(folder);
    }
  }
}
