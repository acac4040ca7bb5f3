package dev.holdfast.application.access;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.integrity.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records calls that were refused before they came to any effect: at most so many in a minute for one address, and one record
 * that counts the rest (spec A-90), so that nobody fills the disk by knocking.
 */
public final class RefusalLog {
  /** Records in one minute for one address. */
  public static final int PER_MINUTE = 60;

  private static final long MINUTE_NS = 60_000_000_000L;
  /** Addresses beyond it are counted together. */
  private static final int MAX_ADDRESSES = 10_000;
  private static final String OTHERS = "others";
  private static final String SUMMARY = "access.refused";

  private final UnitsOfWork units;
  private final LongSupplier ticks;
  private final Executor later;

  // Guarded by this. Windows lie in the order in which they began.
  private final Map<String, Window> windows = new LinkedHashMap<>();
  private boolean counting;
  private boolean awaited;

  /**
   * @param ticks steady time in ns
   * @param later runs a task a minute after it was given it, on a thread that may wait
   */
  public RefusalLog(UnitsOfWork units, LongSupplier ticks, Executor later) {
    this.units = units;
    this.ticks = ticks;
    this.later = later;
  }

  /**
   * Where a call came from.
   *
   * @param address the caller's
   * @param budget the name that the caller shares with whoever could as well be it
   */
  public record From(String address, String budget) {}

  private static final class Window {
    private final long began;
    private int recorded;
    private long counted;
    private @Nullable AuditEntry last;

    Window(long began) {
      this.began = began;
    }
  }

  /**
   * A call was refused. Waits for the disk; when the store can't be written, the refusal stands all the same.
   */
  public void note(Audited call, Reason reason, From from) {
    if (call.isRecorded()) {
      return;
    }
    AuditEntry entry = call.refusedFrom(reason, from.address());
    List<AuditEntry> due = new ArrayList<>(ended());
    if (isToBeRecorded(from.budget(), entry)) {
      due.add(entry);
    }
    record(due);
    if (beginsToAwait()) {
      later.execute(this::sumUp);
    }
  }

  /** A flood that has ended is told of as well, without another refusal that would bring it to light. */
  private void sumUp() {
    record(ended());
    synchronized (this) {
      awaited = false;
      counting = windows.values().stream().anyMatch(window -> window.counted > 0);
    }
    if (beginsToAwait()) {
      later.execute(this::sumUp);
    }
  }

  /** Whether something is counted that nobody waits for yet. */
  private synchronized boolean beginsToAwait() {
    boolean begins = counting && !awaited;
    awaited |= begins;
    return begins;
  }

  /** Records what was counted so far. */
  public void flush() {
    record(allEnded());
  }

  private void record(List<AuditEntry> entries) {
    try {
      entries.forEach(units::record);
    } catch (StoreException e) {
      // The node knows by now that its store takes nothing; the caller is refused for its own reason.
      return;
    }
  }

  private synchronized boolean isToBeRecorded(String budget, AuditEntry entry) {
    String name = windows.containsKey(budget) || windows.size() < MAX_ADDRESSES ? budget : OTHERS;
    Window window = windows.computeIfAbsent(name, _ -> new Window(ticks.getAsLong()));
    if (window.recorded < PER_MINUTE) {
      window.recorded++;
      return true;
    }
    window.counted++;
    window.last = entry;
    counting = true;
    return false;
  }

  private synchronized List<AuditEntry> ended() {
    List<AuditEntry> summaries = new ArrayList<>();
    long now = ticks.getAsLong();
    var all = windows.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Window> window = all.next();
      if (now - window.getValue().began < MINUTE_NS) {
        break;
      }
      summarise(window.getKey(), window.getValue(), summaries);
      all.remove();
    }
    return summaries;
  }

  private synchronized List<AuditEntry> allEnded() {
    List<AuditEntry> summaries = new ArrayList<>();
    windows.forEach((address, window) -> {
      summarise(address, window, summaries);
      window.counted = 0;
    });
    return summaries;
  }

  private static void summarise(String address, Window window, List<AuditEntry> into) {
    AuditEntry last = window.last;
    if (window.counted > 0 && last != null) {
      var caller = new AuditEntry.Caller(last.caller().requestId(), null, null, null, null, address);
      into.add(new AuditEntry(caller, SUMMARY, null, last.status(), last.reason(), window.counted));
    }
  }
}
