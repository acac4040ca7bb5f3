package dev.holdfast.fs.integrity.disk;

import java.io.IOException;
import java.util.List;

/**
 * A disk whose user answers before it syncs: no sync is left out, but each is made only when the next change of the disk
 * begins, and until then what is answered for may be lost.
 */
public final class HastyDisk implements Disk {
  private final Disk disk;
  private final Owed owed;

  /** The sync that was promised last, of all folders of a disk. */
  private static final class Owed {
    private Sync sync = () -> {};

    private interface Sync {
      void make() throws IOException;
    }

    void promise(Sync next) throws IOException {
      settle();
      sync = next;
    }

    void settle() throws IOException {
      Sync due = sync;
      sync = () -> {};
      due.make();
    }
  }

  private HastyDisk(Disk disk, Owed owed) {
    this.disk = disk;
    this.owed = owed;
  }

  public static HastyDisk of(Disk disk) {
    return new HastyDisk(disk, new Owed());
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
    return new Hasty(disk.open(name), owed);
  }

  @Override
  public File create(String name) throws IOException {
    owed.settle();
    return new Hasty(disk.create(name), owed);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    owed.settle();
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    owed.settle();
    disk.delete(name);
  }

  @Override
  public void sync() throws IOException {
    owed.promise(disk::sync);
  }

  @Override
  public Disk folder(String name) throws IOException {
    return new HastyDisk(disk.folder(name), owed);
  }

  private record Hasty(File file, Owed owed) implements File {
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
      owed.settle();
      file.write(at, from, offset, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      owed.settle();
      file.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      owed.promise(file::sync);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
