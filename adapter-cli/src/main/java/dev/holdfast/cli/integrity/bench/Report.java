package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Screen;
import dev.holdfast.domain.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a run found, for people and for programs. */
final class Report {
  private static final double NOISY_SPREAD = 2.5;
  private static final String DISK = "fsync-1";
  private static final String ENGINE = "sqlite-1";
  private static final List<String> REFERENCES = List.of(DISK, ENGINE, "unstored-32");

  private final Plan plan;
  private final Bench.Findings findings;
  private final List<Goal> goals;
  private final @Nullable String delay;

  /** @param delay microseconds that every sync was made slower by, or null */
  Report(Plan plan, Bench.Findings findings, @Nullable String delay) {
    this.plan = plan;
    this.findings = findings;
    this.delay = delay;
    this.goals = Goal.of(findings.results(), delay != null);
  }

  void print(Screen screen, Output output) {
    if (output.isForPrograms()) {
      output.one(json(), List.of());
      return;
    }
    screen.line(machine());
    screen.line("");
    output.list(rows(), List.of(Column.of("SCENARIO", "key"), Column.wide("WHAT", "title"), Column.of("PER SECOND",
        "per_second"), Column.of("MIN", "min"), Column.of("MAX", "max"), Column.of("P50 µs", "p50_us"),
        Column.of("P99 µs", "p99_us"), Column.of("CPU µs", "cpu_us"), Column.of("× FDATASYNC", "to_fdatasync"),
        Column.of("× SQLITE", "to_sqlite")));
    screen.line("");
    output.list(goals.stream().map(Report::row).toList(), List.of(Column.of("GOAL", "id"), Column.of("WHAT", "says"),
        Column.of("IS", "value"), Column.of("WANTED", "wanted"), Column.of("", "verdict")));
    screen.line("");
    screen.line(recount());
    if (isNoisy()) {
      screen.line("noisy: a raw limit spread by more than " + NOISY_SPREAD + " between rounds; run it again");
    }
  }

  private String machine() {
    return String.format(Locale.ROOT, "%d cores, %s %s, Java %s; %d rounds of %.1f s, %d workers%s%s",
        Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"), System.getProperty("os.arch"),
        System.getProperty("java.version"), plan.rounds(), plan.seconds(), plan.workers(),
        plan.zipf() ? ", Zipf 1.1" : "",
        delay == null ? "" : ", every sync slower by " + delay + " µs");
  }

  private String recount() {
    return String.format(Locale.ROOT, "recount after reopening (%d ms): %,d entries acknowledged, %,d stored: %s",
        findings.reopenMillis(), findings.acknowledged(), findings.stored(),
        findings.isComplete() ? "complete" : "NOT THE SAME");
  }

  /** Whether what everything is compared with was itself unsteady. */
  private boolean isNoisy() {
    return REFERENCES.stream().flatMap(key -> findings.results().of(key).stream())
        .anyMatch(result -> result.spread() > NOISY_SPREAD);
  }

  /** For the table: figures as people read them. */
  private List<Json> rows() {
    List<Json> rows = new ArrayList<>();
    for (Results.Result result : findings.results().all()) {
      String key = result.subject().key();
      rows.add(Json.object("key", key, "title", result.subject().title(),
          "per_second", whole(result.median()), "min", whole(result.min()), "max", whole(result.max()),
          "p50_us", tenth(result.micros(0.5)), "p99_us", tenth(result.micros(0.99)),
          "cpu_us", tenth(result.cpuMicros()),
          "to_fdatasync", times(key, DISK), "to_sqlite", times(key, ENGINE)));
    }
    return rows;
  }

  private @Nullable String times(String key, String reference) {
    OptionalDouble ratio = findings.results().ratio(key, reference);
    boolean same = key.equals(reference) || key.startsWith("page") || key.startsWith("transcript");
    return ratio.isEmpty() || same ? null : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble());
  }

  private static String whole(double figure) {
    return String.format(Locale.ROOT, "%,.0f", figure);
  }

  private static String tenth(double figure) {
    return String.format(Locale.ROOT, "%,.1f", figure);
  }

  private static Json row(Goal goal) {
    return Json.object("id", goal.id(), "says", goal.says(), "value", Goal.rounded(goal.value()).toPlainString(),
        "wanted", goal.isWanted() ? (goal.atLeast() ? "≥ " : "≤ ") + Goal.rounded(goal.target()).toPlainString() : null,
        "verdict", !goal.isWanted() ? null : goal.isMet() ? "met" : "not met");
  }

  private Json json() {
    return Json.object(
        "machine", Json.object("cores", Runtime.getRuntime().availableProcessors(), "os", System.getProperty("os.name"),
            "arch", System.getProperty("os.arch"), "java", System.getProperty("java.version")),
        "rounds", plan.rounds(), "seconds", BigDecimal.valueOf(plan.seconds()), "zipf", plan.zipf(),
        "sync_delay_us", delay,
        "noisy", isNoisy(),
        "scenarios", findings.results().all().stream().map(this::json).toList(),
        "goals", goals.stream().map(Goal::json).toList(),
        "recount", Json.object("acknowledged", findings.acknowledged(), "stored", findings.stored(), "complete",
            findings.isComplete(), "reopen_ms", findings.reopenMillis()));
  }

  private Json json(Results.Result result) {
    String key = result.subject().key();
    return Json.object("key", key, "title", result.subject().title(), "clients", result.subject().clients(),
        "per_second", Goal.rounded(result.median()), "min", Goal.rounded(result.min()), "max",
        Goal.rounded(result.max()), "p50_us", Goal.rounded(result.micros(0.5)), "p99_us",
        Goal.rounded(result.micros(0.99)), "cpu_us", Goal.rounded(result.cpuMicros()), "to_fdatasync", ratio(key, DISK),
        "to_sqlite", ratio(key, ENGINE));
  }

  private @Nullable BigDecimal ratio(String key, String reference) {
    OptionalDouble ratio = findings.results().ratio(key, reference);
    return ratio.isPresent() ? Goal.rounded(ratio.getAsDouble()) : null;
  }
}
