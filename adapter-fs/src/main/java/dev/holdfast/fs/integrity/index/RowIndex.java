package dev.holdfast.fs.integrity.index;

import dev.holdfast.domain.integrity.fold.RowKey;
import dev.holdfast.fs.integrity.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of history are: the entries since the newest run in memory, behind them runs that are each at least twice as
 * long as the next newer one (O'Neil et al., "The log-structured merge-tree", 1996), so that there are few of them.
 *
 * <p>Puts and changes of the runs are for one thread at a time, and for none that looks at that time.
 */
public final class RowIndex implements AutoCloseable {
  /** So many entries take 50 MiB. */
  private static final int MANY = 1 << 20;
  private static final String PREFIX = "run-";
  private static final String SUFFIX = ".hfr";
  private static final Pattern FORM = Pattern.compile("run-[0-9a-f]{16}\\.hfr(\\.new)?");

  private final Disk disk;
  private Fresh fresh = new Fresh();
  private @Nullable Fresh sealed;
  /** The newest first. */
  private List<Run> runs;

  private RowIndex(Disk disk, List<Run> runs) {
    this.disk = disk;
    this.runs = runs;
  }

  /** With nothing in it. */
  public static RowIndex empty(Disk disk) {
    return new RowIndex(disk, List.of());
  }

  /** Null when one of these runs isn't there or isn't what was written. */
  public static @Nullable RowIndex open(Disk disk, List<String> names) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (String name : names) {
      Run run = Run.open(disk, name);
      if (run == null) {
        for (Run opened : runs) {
          opened.close();
        }
        return null;
      }
      runs.add(run);
    }
    return new RowIndex(disk, List.copyOf(runs));
  }

  /** @param place above 0 */
  public void put(RowKey key, long place) {
    fresh.put(Entry.of(key, place));
  }

  /** 0 when the key isn't there. */
  public long get(RowKey key) {
    Entry wanted = Entry.of(key, 0);
    long place = fresh.place(wanted);
    if (place == 0 && sealed != null) {
      place = sealed.place(wanted);
    }
    for (int run = 0; place == 0 && run < runs.size(); run++) {
      place = runs.get(run).place(wanted);
    }
    return place;
  }

  /** What is in memory takes no more entries, and becomes a run with the next {@link #run}. */
  public void seal() {
    if (sealed == null) {
      sealed = fresh;
      fresh = new Fresh();
    }
  }

  /**
   * Makes room in memory where there is much in it, for who puts many and has nobody beside them.
   *
   * @param number as {@link #run} has it
   */
  public void spill(long number) throws IOException {
    if (fresh.size() >= MANY) {
      seal();
      take(run(number));
    }
  }

  /** What of the runs takes the place of what. */
  public static final class Merge {
    private final List<Run> after;
    private final List<Run> gone;

    private Merge(List<Run> after, List<Run> gone) {
      this.after = after;
      this.gone = gone;
    }

    /** The names of the runs behind it, the newest first. */
    public List<String> names() {
      return after.stream().map(Run::name).toList();
    }
  }

  /**
   * Writes what was sealed as a run, together with those that are not twice as long. Nothing is changed for who looks; this may
   * be done beside them and beside puts.
   *
   * @param number of the run; higher than any before
   */
  public Merge run(long number) throws IOException {
    Fresh writing = sealed;
    if (writing == null) {
      throw new IllegalStateException("nothing was sealed");
    }
    long most = writing.size();
    Iterator<Entry> merged = writing.sorted();
    List<Run> gone = new ArrayList<>();
    for (Run run : runs) {
      if (run.entries() >= 2 * most) {
        break;
      }
      merged = RunWriter.merged(merged, run.iterator());
      most += run.entries();
      gone.add(run);
    }
    String name = PREFIX + HexFormat.of().toHexDigits(number) + SUFFIX;
    RunWriter.write(disk, name, most, merged);
    Run made = Run.open(disk, name);
    if (made == null) {
      throw new IOException(name + " can't be read back");
    }
    List<Run> after = new ArrayList<>(List.of(made));
    after.addAll(runs.subList(gone.size(), runs.size()));
    return new Merge(List.copyOf(after), gone);
  }

  /** The runs are as the merge has them. The files of those that are gone are closed; they are not needed any more. */
  public void take(Merge merge) throws IOException {
    sealed = null;
    runs = merge.after;
    for (Run run : merge.gone) {
      run.close();
    }
  }

  /** What was sealed is as if it hadn't been: it became no run. */
  public void unseal() {
    Fresh before = sealed;
    if (before != null) {
      fresh.sorted().forEachRemaining(before::put);
      fresh = before;
      sealed = null;
    }
  }

  /** Whether a file is of a kind that this makes. */
  public static boolean isRun(String name) {
    return FORM.matcher(name).matches();
  }

  @Override
  public void close() throws IOException {
    for (Run run : runs) {
      run.close();
    }
  }
}
