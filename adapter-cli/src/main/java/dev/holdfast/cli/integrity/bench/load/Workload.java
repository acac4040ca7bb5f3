package dev.holdfast.cli.integrity.bench.load;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Which worker a call is for: each as likely as any other, or by Zipf's law with exponent 1.1. */
public final class Workload {
  private static final double EXPONENT = 1.1;
  private final int workers;
  private final double[] cumulated;

  public Workload(int workers, boolean zipf) {
    this.workers = workers;
    this.cumulated = new double[zipf ? workers : 0];
    double sum = 0;
    for (int i = 0; i < cumulated.length; i++) {
      sum += 1 / Math.pow(i + 1, EXPONENT);
      cumulated[i] = sum;
    }
  }

  /** From 0 to one less than there are workers. */
  public int next(SplittableRandom chance) {
    if (cumulated.length == 0) {
      return chance.nextInt(workers);
    }
    double drawn = chance.nextDouble() * cumulated[workers - 1];
    int found = Arrays.binarySearch(cumulated, drawn);
    return found >= 0 ? found : Math.min(workers - 1, -found - 1);
  }
}
