package dev.holdfast.cli.integrity.bench.load;

/**
 * What one scenario did in one round.
 *
 * @param units of work done
 * @param nanos of the time that was measured
 * @param cpuNanos that the process used meanwhile, on all cores; it tells more than the rate where others use the machine
 * @param latencies of the calls, each of which may do several units
 */
public record Sample(long units, long nanos, long cpuNanos, Histogram latencies) {
  public double perSecond() {
    return nanos == 0 ? 0 : units * 1e9 / nanos;
  }

  public Sample plus(Sample more) {
    var both = new Histogram();
    both.add(latencies);
    both.add(more.latencies);
    return new Sample(units + more.units, nanos + more.nanos, cpuNanos + more.cpuNanos, both);
  }
}
