package dev.holdfast.fs.integrity.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A folder of the local file system that is only looked at. What a start would only tidy up, by deleting, cutting or syncing,
 * is left undone without a word; what would have to be there afterwards is refused.
 */
public record DiskAsItIs(Path root) implements Disk {
  @Override
  public List<String> list() throws IOException {
    return new LocalDisk(root).list();
  }

  @Override
  public boolean exists(String name) {
    return new LocalDisk(root).exists(name);
  }

  @Override
  public File open(String name) throws IOException {
    return new Looking(FileChannel.open(root.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public File create(String name) throws IOException {
    throw refused();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    throw refused();
  }

  @Override
  public void delete(String name) {}

  @Override
  public void sync() {}

  @Override
  public Disk folder(String name) {
    return new DiskAsItIs(root.resolve(name));
  }

  private static IOException refused() {
    return new IOException("the folder is only looked at");
  }

  private record Looking(FileChannel channel) implements File {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) throws IOException {
      var wanted = ByteBuffer.wrap(into, offset, length);
      while (wanted.hasRemaining() && channel.read(wanted, at + wanted.position() - offset) >= 0) {
        // Goes on until there is no more.
      }
      return wanted.position() - offset;
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) throws IOException {
      throw refused();
    }

    @Override
    public void truncate(long size) {}

    @Override
    public void sync() {}

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
