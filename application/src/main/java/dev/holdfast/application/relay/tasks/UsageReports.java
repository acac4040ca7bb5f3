package dev.holdfast.application.relay.tasks;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import dev.holdfast.domain.relay.tasks.UsageSums;
import java.util.List;
import java.util.Map;

/** Sums of what calls used. */
public final class UsageReports {
  private static final int AT_ONCE = 1_000;

  private final UnitsOfWork units;

  public UsageReports(UnitsOfWork units) {
    this.units = units;
  }

  /** Page by page, so that calls go on meanwhile; what they use may be in it or not. */
  public Map<String, UsageSums.Sum> sums(UsageSums.By by, UsageSums.Wanted wanted) {
    var sums = new UsageSums(by);
    long after = 0;
    while (true) {
      long from = after;
      List<UsageRecord> page = units.read(state -> state.usage(from, AT_ONCE));
      page.forEach(used -> sums.add(used, wanted));
      if (page.size() < AT_ONCE) {
        return sums.sums();
      }
      after = page.getLast().seq();
    }
  }
}
