package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.Histogram;
import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.load.Subject;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** All samples of a run, by subject and round. */
final class Results {
  private final Map<String, Result> byKey = new LinkedHashMap<>();
  private final Map<Figure, Double> highest = new EnumMap<>(Figure.class);

  /** What is measured beside rates and latencies; of all rounds the highest counts. */
  enum Figure {
    DRIP_HEAP_MIB,
    DRIP_CUT_S,
    WRONG_KEYS_HEAP_MIB,
    STREAMS_LOST,
    STREAMS_DOUBLED,
    STREAMS_HEAP_MIB,
    START_STOPPED_S,
    START_KILLED_S,
    START_HEAP_MIB,
    GROWING_P99_MS,
    LEFT_PUBLIC_LATE,
    LEFT_PUBLIC_MS,
    LEFT_LINK_LATE,
    LEFT_LINK_MS,
    LINKS_HEAP_MIB,
    LINKS_HEAP_KIB_EACH,
    LINKS_RSS_KIB_EACH
  }

  /** One subject's samples, one per round. */
  record Result(Subject subject, List<Sample> samples) {
    double median() {
      return Results.median(rates());
    }

    double min() {
      return rates().getFirst();
    }

    double max() {
      return rates().getLast();
    }

    /** By how much the best round exceeds the worst. */
    double spread() {
      return min() == 0 ? Double.POSITIVE_INFINITY : max() / min();
    }

    /** Processor time of a unit, in microseconds, over all rounds. */
    double cpuMicros() {
      long units = samples.stream().mapToLong(Sample::units).sum();
      return units == 0 ? 0 : samples.stream().mapToLong(Sample::cpuNanos).sum() / 1e3 / units;
    }

    private List<Double> rates() {
      return samples.stream().map(Sample::perSecond).sorted().toList();
    }

    /** In microseconds, over all rounds. */
    double micros(double share) {
      var all = new Histogram();
      samples.forEach(sample -> all.add(sample.latencies()));
      return all.percentile(share) / 1e3;
    }
  }

  void add(Subject subject, Sample sample) {
    byKey.computeIfAbsent(subject.key(), _ -> new Result(subject, new ArrayList<>())).samples().add(sample);
  }

  void note(Figure figure, double value) {
    highest.merge(figure, value, Math::max);
  }

  OptionalDouble figure(Figure figure) {
    Double value = highest.get(figure);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  List<Result> all() {
    return List.copyOf(byKey.values());
  }

  Optional<Result> of(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** The median of the ratios within each round, where machine and disk were most alike. Empty when either wasn't run. */
  OptionalDouble ratio(String subject, String reference) {
    return ratio(subject, reference, Sample::perSecond);
  }

  /** The same of another figure. */
  OptionalDouble ratio(String subject, String reference, ToDoubleFunction<Sample> figure) {
    return compare(subject, reference, (above, below) -> figure.applyAsDouble(above) / figure.applyAsDouble(below));
  }

  /** The median of the differences within each round. */
  OptionalDouble difference(String subject, String reference, ToDoubleFunction<Sample> figure) {
    return compare(subject, reference, (above, below) -> figure.applyAsDouble(above) - figure.applyAsDouble(below));
  }

  private OptionalDouble compare(String subject, String reference, ToDoubleBiFunction<Sample, Sample> compared) {
    if (!byKey.containsKey(subject) || !byKey.containsKey(reference)) {
      return OptionalDouble.empty();
    }
    List<Sample> above = Objects.requireNonNull(byKey.get(subject)).samples();
    List<Sample> below = Objects.requireNonNull(byKey.get(reference)).samples();
    List<Double> figures = new ArrayList<>();
    for (int round = 0; round < Math.min(above.size(), below.size()); round++) {
      figures.add(compared.applyAsDouble(above.get(round), below.get(round)));
    }
    return OptionalDouble.of(median(figures.stream().sorted().toList()));
  }

  private static double median(List<Double> sorted) {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
