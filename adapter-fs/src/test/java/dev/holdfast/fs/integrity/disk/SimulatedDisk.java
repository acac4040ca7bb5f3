package dev.holdfast.fs.integrity.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk that may lose power at any of its operations. What was not synced by then is lost, kept, or torn, in any order: of the
 * writes to a file any sectors, and of a folder's changes of names any. Not for several threads at once.
 */
public final class SimulatedDisk implements Disk {
  /** The unit that a disk writes whole. */
  static final int SECTOR = 512;

  private final Power power;
  private final Names names;
  private final Map<String, SimulatedDisk> folders = new TreeMap<>();

  /** The process that used the disk is no more, with or without the power of the disk. */
  public static final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;

    PowerCut() {
      super("power cut", null, false, false);
    }
  }

  /** Of all folders of a disk. */
  private static final class Power {
    private long left = Long.MAX_VALUE;
    private Runnable before = () -> {};

    /** An operation that changes something begins. */
    void use() {
      if (left == 0) {
        throw new PowerCut();
      }
      left--;
      before.run();
    }
  }

  /** The names of a folder: as they are durable, and the changes since. */
  private record Names(Map<String, Content> durable, List<NameChange> since, TreeMap<String, Content> present) {
    static Names of(Map<String, Content> files) {
      return new Names(files, new ArrayList<>(), new TreeMap<>(files));
    }
  }

  /**
   * One step that is there whole or not at all.
   *
   * @param removed a name that is gone with it
   * @param added a name that leads to the file with it
   */
  private record NameChange(@Nullable String removed, @Nullable String added, @Nullable Content file) {
    void apply(Map<String, Content> names) {
      if (removed != null) {
        names.remove(removed);
      }
      if (added != null && file != null) {
        names.put(added, file);
      }
    }
  }

  private SimulatedDisk(Power power, Names names) {
    this.power = power;
    this.names = names;
  }

  /** An empty disk. */
  public static SimulatedDisk empty() {
    return new SimulatedDisk(new Power(), Names.of(new TreeMap<>()));
  }

  /** From now on so many more operations are done that change something; the next one ends in a {@link PowerCut}. */
  public void cutAfter(long more) {
    power.left = more;
  }

  /** @param look is run before each operation that changes something */
  public void before(Runnable look) {
    power.before = look;
  }

  /** What might be found when power is back, by chance; this disk stays as it is. */
  public SimulatedDisk afterPowerCut(SplittableRandom chance) {
    return after(chance, new Power());
  }

  private SimulatedDisk after(SplittableRandom chance, Power fresh) {
    Map<String, Content> kept = new TreeMap<>(names.durable());
    // Mostly the file system keeps their order; then a part from the start is kept.
    boolean ordered = chance.nextBoolean();
    int count = ordered ? chance.nextInt(names.since().size() + 1) : names.since().size();
    for (NameChange change : names.since().subList(0, count)) {
      if (ordered || chance.nextBoolean()) {
        change.apply(kept);
      }
    }
    // Two names of one file stay so.
    Map<Content, Content> found = new HashMap<>();
    kept.replaceAll((_, file) -> found.computeIfAbsent(file, lost -> lost.afterPowerCut(chance, fresh)));
    var disk = new SimulatedDisk(fresh, Names.of(kept));
    folders.forEach((name, folder) -> disk.folders.put(name, folder.after(chance, fresh)));
    return disk;
  }

  @Override
  public List<String> list() {
    return List.copyOf(names.present().keySet());
  }

  @Override
  public boolean exists(String name) {
    return names.present().containsKey(name);
  }

  @Override
  public File open(String name) throws IOException {
    return new Open(existing(name));
  }

  private Content existing(String name) throws IOException {
    Content file = names.present().get(name);
    if (file == null) {
      throw new NoSuchFileException(name);
    }
    return file;
  }

  @Override
  public File create(String name) throws IOException {
    if (exists(name)) {
      throw new FileAlreadyExistsException(name);
    }
    var file = new Content(power, new byte[0]);
    change(new NameChange(null, name, file));
    return new Open(file);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    change(new NameChange(from, to, existing(from)));
  }

  @Override
  public void delete(String name) {
    if (exists(name)) {
      change(new NameChange(name, null, null));
    }
  }

  private void change(NameChange change) {
    power.use();
    change.apply(names.present());
    names.since().add(change);
  }

  @Override
  public void sync() {
    power.use();
    Map<String, Content> durable = names.durable();
    if (!names.since().isEmpty()) {
      names.since().clear();
      durable.clear();
      durable.putAll(names.present());
    }
  }

  /** A folder is there at once and for ever: the store makes its own once, before all else. */
  @Override
  public Disk folder(String name) {
    return folders.computeIfAbsent(name, _ -> new SimulatedDisk(power, Names.of(new TreeMap<>())));
  }

  private record Open(Content content) implements File {
    @Override
    public long size() {
      return content.present.length;
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) {
      int there = (int) Math.max(0, Math.min(length, content.present.length - at));
      System.arraycopy(content.present, (int) Math.min(at, content.present.length), into, offset, there);
      return there;
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) {
      content.write((int) at, Arrays.copyOfRange(from, offset, offset + length));
    }

    @Override
    public void truncate(long size) {
      if (size < content.present.length) {
        content.truncate((int) size);
      }
    }

    @Override
    public void sync() {
      content.sync();
    }

    @Override
    public void close() {
      // Closing makes nothing durable.
    }
  }

  /** The bytes of a file: as they are durable, and the writes since. */
  private static final class Content {
    private final Power power;
    private byte[] durable;
    private byte[] present;
    private final List<Write> since = new ArrayList<>();

    /** One change of bytes that is under way. */
    private interface Write {
      /** @param chance by which any of its sectors are there or not; null when all are */
      byte[] done(byte[] file, @Nullable SplittableRandom chance);
    }

    Content(Power power, byte[] bytes) {
      this.power = power;
      this.durable = bytes;
      this.present = bytes;
    }

    void write(int at, byte[] bytes) {
      power.use();
      since.add((file, chance) -> torn(file, at, bytes, chance));
      present = written(present, at, bytes, 0, bytes.length);
    }

    void truncate(int size) {
      power.use();
      since.add((file, _) -> Arrays.copyOf(file, Math.min(file.length, size)));
      present = Arrays.copyOf(present, size);
    }

    void sync() {
      power.use();
      durable = present;
      since.clear();
    }

    private static byte[] written(byte[] file, int at, byte[] bytes, int from, int to) {
      byte[] after = Arrays.copyOf(file, Math.max(file.length, at + to));
      System.arraycopy(bytes, from, after, at + from, to - from);
      return after;
    }

    Content afterPowerCut(SplittableRandom chance, Power fresh) {
      byte[] found = durable;
      int how = chance.nextInt(4);
      for (Write write : since) {
        // All of it, nothing, or by chance: each write whole or not, or any of its sectors.
        if (how == 0 || (how > 1 && chance.nextInt(3) > 0)) {
          found = write.done(found, how == 3 ? chance : null);
        }
      }
      return new Content(fresh, found);
    }

    private static byte[] torn(byte[] file, int at, byte[] bytes, @Nullable SplittableRandom chance) {
      if (chance == null) {
        return written(file, at, bytes, 0, bytes.length);
      }
      byte[] found = file;
      int from = 0;
      while (from < bytes.length) {
        int to = Math.min(bytes.length, from + SECTOR - (at + from) % SECTOR);
        if (chance.nextBoolean()) {
          found = written(found, at, bytes, from, to);
        }
        from = to;
      }
      return found;
    }
  }
}
