package dev.holdfast.cli.integrity.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 63, 64, 127, 128, 129, 1_000, 65_535, 65_536, 999_999_937, 3_600_000_000_000L})
  @DisplayName("a duration is known to a 64th of itself, and never told too short")
  void precision(long nanos) {
    var histogram = new Histogram();
    histogram.record(nanos);

    long told = histogram.percentile(0.5);
    assertTrue(told >= nanos && told <= nanos + nanos / 64, nanos + " is told as " + told);
  }

  @Test
  @DisplayName("percentiles count all durations, those of another histogram as well")
  void percentiles() {
    var first = new Histogram();
    var second = new Histogram();
    for (int i = 1; i <= 50; i++) {
      first.record(i);
      second.record(50 + i);
    }
    first.add(second);

    assertEquals(100, first.count());
    assertEquals(50, first.percentile(0.5));
    assertEquals(99, first.percentile(0.99));
    assertEquals(100, first.percentile(1));
    assertEquals(0, new Histogram().percentile(0.5));
  }
}
