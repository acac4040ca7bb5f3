package dev.holdfast.cli.integrity.bench;

import dev.holdfast.domain.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a figure has to be.
 *
 * @param id short, as people cite it
 * @param atLeast whether the value has to be the target or more, rather than less
 */
record Goal(String id, String says, double value, double target, boolean atLeast) {
  /** In its presence fsync and fdatasync were made slower by so many microseconds. */
  static final String DELAY = "HOLDFAST_SYNC_DELAY_US";

  /** A figure that is told beside the goals; nothing is wanted of it. */
  static Goal told(String id, String says, double value) {
    return new Goal(id, says, value, Double.NaN, true);
  }

  boolean isWanted() {
    return !Double.isNaN(target);
  }

  boolean isMet() {
    return atLeast ? value >= target : value <= target;
  }

  /** All for which the run has the figures. */
  static List<Goal> of(Results results, boolean delayed) {
    List<Goal> goals = new ArrayList<>();
    if (delayed) {
      StoreGoals.delayed(goals, results);
      return goals;
    }
    StoreGoals.of(goals, results);
    ratio(goals, results, "P3", "HTTP append at 32 / nothing stored", "http-32", "unstored-32", 0.30);
    goals.addAll(TurnGoals.of(results));
    results.of("page-1").ifPresent(page -> goals.add(new Goal("P6", "tail page of 100, p50 in µs", page.micros(0.5),
        100, false)));
    access(goals, results);
    growth(goals, results);
    StoreGoals.starts(goals, results);
    slowDrip(goals, results);
    return goals;
  }

  private static void slowDrip(List<Goal> goals, Results results) {
    results.ratio(SlowDrip.ATTACKED, SlowDrip.CALM, sample -> sample.latencies().percentile(0.99))
        .ifPresent(ratio -> goals.add(new Goal("A-A18", "p99 beside 1,000 slow senders / without", ratio, 2, false)));
    results.figure(Results.Figure.DRIP_HEAP_MIB)
        .ifPresent(heap -> goals.add(new Goal("A-A18", "heap for 1,000 slow senders in MiB", heap, 64, false)));
    results.figure(Results.Figure.DRIP_CUT_S)
        .ifPresent(cut -> goals.add(new Goal("A-A18", "the last slow sender was cut after so many s", cut, 15, false)));
  }

  private static void access(List<Goal> goals, Results results) {
    ratio(goals, results, "A", "empty request at 32, all checks / none", "checked-32", "unchecked-32", 0.85);
    for (String key : List.of("key-1", "key-wrong-1")) {
      results.of(key).ifPresent(checks -> goals.add(new Goal("A", checks.subject().title() + ", p50 of one in µs",
          checks.micros(0.5) / AccessCosts.CHECKS, 50, false)));
    }
    results.figure(Results.Figure.WRONG_KEYS_HEAP_MIB).ifPresent(heap -> goals.add(new Goal("A",
        "heap after all requests with wrong keys, more than after a tenth, in MiB", heap, 8, false)));
  }

  private static void growth(List<Goal> goals, Results results) {
    slower(goals, results, "append p50, ten times the events", "growth-append-large-1", "growth-append-small-1", 1.3);
    ratio(goals, results, "G", "append rate at 64, ten times the events", "growth-append-large-64",
        "growth-append-small-64", 0.6);
    slower(goals, results, "tail page p50, ten times the events", "page-large-1", "page-small-1", 1.3);
    slower(goals, results, "transcript page p50, 10,000 / 100 entries", "transcript-large-1", "transcript-small-1",
        1.5);
    slower(goals, results, "create p50, 100 times the workers", "create-large-1", "create-small-1", 1.3);
    results.of("page-large-1")
        .ifPresent(page -> goals.add(new Goal("P6", "tail page of 100 in the large node, p50 in µs",
            page.micros(0.5), 100, false)));
  }

  /** Nothing where the run hasn't measured both. */
  static void ratio(
      List<Goal> goals, Results results, String id, String says, String subject, String reference, double target) {
    OptionalDouble ratio = results.ratio(subject, reference);
    if (ratio.isPresent()) {
      goals.add(new Goal(id, says, ratio.getAsDouble(), target, true));
    }
  }

  private static void slower(
      List<Goal> goals, Results results, String says, String large, String small, double target) {
    results.of(large).ifPresent(subject -> results.of(small).ifPresent(reference -> goals.add(
        new Goal("G", says, subject.micros(0.5) / reference.micros(0.5), target, false))));
  }

  Json json() {
    return Json.object("id", id, "says", says, "value", rounded(value), "target", isWanted() ? rounded(target) : null,
        "at_least", isWanted() ? atLeast : null, "met", isWanted() ? isMet() : null);
  }

  /** Three digits that count. */
  static BigDecimal rounded(double figure) {
    return Double.isFinite(figure) ? new BigDecimal(figure, new MathContext(3)) : BigDecimal.ZERO;
  }
}
