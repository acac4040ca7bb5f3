package dev.holdfast.fs.integrity.disk;

import java.io.IOException;
import java.util.List;

/**
 * A disk whose user leaves out something that it shouldn't: what a store does that forgets it.
 *
 * @param forgets what is left out
 */
public record CarelessDisk(Disk disk, Forgets forgets) implements Disk {
  /** What is forgotten. */
  public enum Forgets {
    SYNC_OF_FILES,
    SYNC_OF_FOLDERS
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public boolean exists(String name) throws IOException {
    return disk.exists(name);
  }

  @Override
  public File open(String name) throws IOException {
    return new Careless(disk.open(name), forgets);
  }

  @Override
  public File create(String name) throws IOException {
    return new Careless(disk.create(name), forgets);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void sync() throws IOException {
    if (forgets != Forgets.SYNC_OF_FOLDERS) {
      disk.sync();
    }
  }

  @Override
  public Disk folder(String name) throws IOException {
    return new CarelessDisk(disk.folder(name), forgets);
  }

  private record Careless(File file, Forgets forgets) implements File {
    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) throws IOException {
      return file.read(at, into, offset, length);
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) throws IOException {
      file.write(at, from, offset, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      if (forgets != Forgets.SYNC_OF_FILES) {
        file.sync();
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
