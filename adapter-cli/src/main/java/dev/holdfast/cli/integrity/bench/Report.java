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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a run found, for people and for programs. */
final class Report {
  private static final double NOISY_SPREAD = 2.5;

  private final Plan plan;
  private final Results results;
  private final List<Goal> goals;
  private final Terms terms;

  Report(Plan plan, Results results, List<Goal> goals, Terms terms) {
    this.plan = plan;
    this.results = results;
    this.goals = List.copyOf(goals);
    this.terms = terms;
  }

  /**
   * What a figure is compared with.
   *
   * @param reference the key of what one of that key is compared with; null where nothing is
   */
  record Against(String column, String member, Function<String, @Nullable String> reference) {}

  /**
   * How a run is told.
   *
   * @param conditions under which it was measured, beside the machine
   * @param steady what everything is compared with, by key; where that is unsteady, the run says little
   * @param remarks lines below the goals
   * @param facts members of its own for programs, names and values
   */
  record Terms(String conditions, List<Against> against, List<String> steady, List<String> remarks,
      List<@Nullable Object> facts) {}

  void print(Screen screen, Output output) {
    if (output.isForPrograms()) {
      output.one(json(), List.of());
      return;
    }
    screen.line(machine());
    screen.line("");
    List<Column> columns = new ArrayList<>(List.of(Column.of("SCENARIO", "key"), Column.wide("WHAT", "title"),
        Column.of("PER SECOND", "per_second"), Column.of("MIN", "min"), Column.of("MAX", "max"),
        Column.of("P50 µs", "p50_us"), Column.of("P99 µs", "p99_us"), Column.of("CPU µs", "cpu_us")));
    terms.against().forEach(one -> columns.add(Column.of(one.column(), one.member())));
    output.list(results.all().stream().map(this::row).toList(), columns);
    screen.line("");
    output.list(goals.stream().map(Report::row).toList(), List.of(Column.of("GOAL", "id"), Column.of("WHAT", "says"),
        Column.of("IS", "value"), Column.of("WANTED", "wanted"), Column.of("", "verdict")));
    screen.line("");
    terms.remarks().forEach(screen::line);
    if (isNoisy()) {
      screen.line("noisy: a reference spread by more than " + NOISY_SPREAD + " between rounds; run it again");
    }
  }

  private String machine() {
    return String.format(Locale.ROOT, "%d cores, %s %s, Java %s; %d rounds of %.1f s%s",
        Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"), System.getProperty("os.arch"),
        System.getProperty("java.version"), plan.rounds(), plan.seconds(), terms.conditions());
  }

  /** Whether what everything is compared with was itself unsteady. */
  private boolean isNoisy() {
    return terms.steady().stream().flatMap(key -> results.of(key).stream())
        .anyMatch(result -> result.spread() > NOISY_SPREAD);
  }

  /** For the table: figures as people read them. */
  private Json row(Results.Result result) {
    List<@Nullable Object> members = new ArrayList<>(List.of("key", result.subject().key(), "title",
        result.subject().title(), "per_second", whole(result.median()), "min", whole(result.min()), "max",
        whole(result.max()), "p50_us", tenth(result.micros(0.5)), "p99_us", tenth(result.micros(0.99)),
        "cpu_us", tenth(result.cpuMicros())));
    for (Against one : terms.against()) {
      OptionalDouble ratio = ratio(result, one);
      members.add(one.member());
      members.add(ratio.isEmpty() ? null : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()));
    }
    return Json.object(members.toArray());
  }

  private OptionalDouble ratio(Results.Result result, Against against) {
    String key = result.subject().key();
    String reference = against.reference().apply(key);
    return reference == null || reference.equals(key) ? OptionalDouble.empty() : results.ratio(key, reference);
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
    List<@Nullable Object> members = new ArrayList<>(List.of(
        "machine", Json.object("cores", Runtime.getRuntime().availableProcessors(), "os", System.getProperty("os.name"),
            "arch", System.getProperty("os.arch"), "java", System.getProperty("java.version")),
        "rounds", plan.rounds(), "seconds", BigDecimal.valueOf(plan.seconds()), "noisy", isNoisy(),
        "scenarios", results.all().stream().map(this::json).toList(),
        "goals", goals.stream().map(Goal::json).toList()));
    members.addAll(terms.facts());
    return Json.object(members.toArray());
  }

  private Json json(Results.Result result) {
    List<@Nullable Object> members = new ArrayList<>(List.of("key", result.subject().key(), "title",
        result.subject().title(), "clients", result.subject().clients(),
        "per_second", Goal.rounded(result.median()), "min", Goal.rounded(result.min()), "max",
        Goal.rounded(result.max()), "p50_us", Goal.rounded(result.micros(0.5)), "p99_us",
        Goal.rounded(result.micros(0.99)), "cpu_us", Goal.rounded(result.cpuMicros())));
    for (Against one : terms.against()) {
      OptionalDouble ratio = ratio(result, one);
      members.add(one.member());
      members.add(ratio.isPresent() ? Goal.rounded(ratio.getAsDouble()) : null);
    }
    return Json.object(members.toArray());
  }
}
