package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.relay.Extent;
import dev.holdfast.cli.integrity.bench.relay.RelayBed;
import dev.holdfast.domain.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the two kinds of runs are told: what they are compared with, and what stands beside their figures. */
final class Telling {
  private static final String DISK = "fsync-1";
  private static final String ENGINE = "sqlite-1";

  private Telling() {}

  /** @param delay microseconds that every sync was made slower by, or null */
  static Report ofStore(Plan plan, Bench.Findings findings, @Nullable String delay) {
    String conditions = ", " + plan.workers() + " workers" + (plan.zipf() ? ", Zipf 1.1" : "")
        + (delay == null ? "" : ", every sync slower by " + delay + " µs");
    String recount = String.format(Locale.ROOT,
        "recount after reopening (%d ms): %,d entries acknowledged, %,d stored: %s", findings.reopenMillis(),
        findings.acknowledged(), findings.stored(), findings.isComplete() ? "complete" : "NOT THE SAME");
    var terms = new Report.Terms(conditions, List.of(
        new Report.Against("× FDATASYNC", "to_fdatasync", key -> stored(key, DISK)),
        new Report.Against("× SQLITE", "to_sqlite", key -> stored(key, ENGINE))),
        List.of(DISK, ENGINE, "unstored-32"), List.of(recount),
        Arrays.asList("zipf", plan.zipf(), "sync_delay_us", delay, "recount",
            Json.object("acknowledged", findings.acknowledged(), "stored", findings.stored(), "complete",
                findings.isComplete(), "reopen_ms", findings.reopenMillis())));
    return new Report(plan, findings.results(), Goal.of(findings.results(), delay != null), terms);
  }

  private static @Nullable String stored(String key, String reference) {
    return key.startsWith("page") || key.startsWith("transcript") ? null : reference;
  }

  static Report ofRelay(Plan plan, Extent extent, RelayBench.Findings findings) {
    var terms = new Report.Terms("", List.of(
        new Report.Against("× DIRECT", "to_direct", key -> beside(key, RelayBed.DIRECT)),
        new Report.Against("× NGINX", "to_nginx", key -> beside(key, RelayBed.NGINX))),
        List.of(RelayBed.key(RelayBed.WHOLE, RelayBed.DIRECT, extent.connections()),
            RelayBed.key(RelayBed.WHOLE, RelayBed.NGINX, extent.connections())),
        findings.remarks().stream().map(remark -> "LEFT OUT: " + remark).toList(),
        Arrays.asList("left_out", findings.remarks()));
    return new Report(plan, findings.results(), RelayGoals.of(findings.results(), extent), terms);
  }

  /** The same of another target. */
  private static String beside(String key, String target) {
    return key.replaceFirst("-[a-z]+-", "-" + target + "-");
  }
}
