package dev.holdfast.fs.integrity.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of the local file system. */
public record LocalDisk(Path root) implements Disk {
  private static final Set<OpenOption> READING = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(path(name), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public File open(String name) throws IOException {
    return new Open(path(name));
  }

  @Override
  public File create(String name) throws IOException {
    return new Open(Files.createFile(path(name), OWNER_FILE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }

  @Override
  public void sync() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!hasSynced()) {
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Not when an interrupt has closed the channel. */
  private boolean hasSynced() throws IOException {
    try (FileChannel channel = FileChannel.open(root, StandardOpenOption.READ)) {
      channel.force(true);
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    } catch (IOException e) {
      throw notSynced(e);
    }
  }

  @Override
  public Disk folder(String name) throws IOException {
    Path folder = path(name);
    try {
      Files.createDirectory(folder, OWNER_FOLDER);
      sync();
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
    return new LocalDisk(folder);
  }

  /** A full disk takes nothing back that was durable, so it leaves nothing in doubt but what is refused. */
  private static IOException notSynced(IOException cause) {
    return DiskFailure.isFull(cause) ? cause : new SyncFailure(cause);
  }

  private Path path(String name) {
    if (name.isEmpty() || name.equals("..") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("no name of a file: " + name);
    }
    return root.resolve(name);
  }

  /**
   * A channel is closed under the hands of whoever is interrupted while using it. So what is read by one is read again by
   * another, and what is written is written without one: of that nobody would know what became of it.
   */
  private static final class Open implements File {
    /** What is longer is synced once behind all of it; it would be written in several parts, each of them synced. */
    private static final int ONE_PART = 1 << 16;

    private final Path file;
    private volatile FileChannel reading;
    private volatile boolean closed;
    private final RandomAccessFile writing;
    /** Each write is synced, as by fdatasync behind it. */
    private final RandomAccessFile durable;

    /** @throws java.nio.file.NoSuchFileException when there is no such file */
    Open(Path file) throws IOException {
      this.file = file;
      this.reading = FileChannel.open(file, READING);
      this.writing = new RandomAccessFile(file.toFile(), "rw");
      this.durable = new RandomAccessFile(file.toFile(), "rwd");
    }

    @Override
    public long size() throws IOException {
      return writing.length();
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) throws IOException {
      boolean interrupted = Thread.interrupted();
      try {
        while (true) {
          FileChannel channel = reading;
          try {
            return read(channel, at, ByteBuffer.wrap(into, offset, length));
          } catch (ClosedByInterruptException e) {
            interrupted |= Thread.interrupted();
            reopen(channel);
          } catch (ClosedChannelException e) {
            if (closed) {
              throw e;
            }
            reopen(channel);
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private static int read(FileChannel channel, long at, ByteBuffer into) throws IOException {
      int start = into.position();
      while (into.hasRemaining() && channel.read(into, at + into.position() - start) >= 0) {
        // Goes on until there is no more.
      }
      return into.position() - start;
    }

    private synchronized void reopen(FileChannel closed) throws IOException {
      if (reading.equals(closed)) {
        reading = FileChannel.open(file, READING);
      }
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) throws IOException {
      writing.seek(at);
      writing.write(from, offset, length);
    }

    @Override
    public void writeDurably(long at, byte[] from, int offset, int length) throws IOException {
      if (length > ONE_PART) {
        File.super.writeDurably(at, from, offset, length);
        return;
      }
      try {
        durable.seek(at);
        durable.write(from, offset, length);
      } catch (IOException e) {
        // Whether it failed to write or to sync isn't told.
        throw notSynced(e);
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      if (size < writing.length()) {
        writing.setLength(size);
      }
    }

    @Override
    public void sync() throws IOException {
      try {
        writing.getFD().sync();
      } catch (IOException e) {
        throw notSynced(e);
      }
    }

    @Override
    public synchronized void close() throws IOException {
      closed = true;
      try (var _ = writing; var _ = durable) {
        reading.close();
      }
    }
  }
}
