package dev.holdfast.fs.integrity.disk;

import java.io.IOException;
import java.util.List;

/** A disk of which one operation that changes something fails, and changes nothing. */
public final class FaultyDisk implements Disk {
  private final Disk disk;
  private final Fault fault;

  /** Of all folders of a disk. */
  private static final class Fault {
    private final long at;
    private final String message;
    private long done;
    private String failed = "";

    Fault(long at, String message) {
      this.at = at;
      this.message = message;
    }

    void use(String operation) throws IOException {
      if (done++ == at) {
        failed = operation;
        var why = new IOException(message);
        throw operation.startsWith("sync") ? new SyncFailure(why) : why;
      }
    }
  }

  private FaultyDisk(Disk disk, Fault fault) {
    this.disk = disk;
    this.fault = fault;
  }

  /** @param at how many operations are done before the one that fails */
  public static FaultyDisk failing(Disk disk, long at, String message) {
    return new FaultyDisk(disk, new Fault(at, message));
  }

  /** What failed, as {@code rename launch-state.json}; empty while nothing did. */
  public String failed() {
    return fault.failed;
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
    return new Faulty(disk.open(name), name, fault);
  }

  @Override
  public File create(String name) throws IOException {
    fault.use("create " + name);
    return new Faulty(disk.create(name), name, fault);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    fault.use("rename " + to);
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    fault.use("delete " + name);
    disk.delete(name);
  }

  @Override
  public void sync() throws IOException {
    fault.use("sync");
    disk.sync();
  }

  @Override
  public Disk folder(String name) throws IOException {
    return new FaultyDisk(disk.folder(name), fault);
  }

  private record Faulty(File file, String name, Fault fault) implements File {
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
      fault.use("write " + name);
      file.write(at, from, offset, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      fault.use("truncate " + name);
      file.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      fault.use("sync " + name);
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
