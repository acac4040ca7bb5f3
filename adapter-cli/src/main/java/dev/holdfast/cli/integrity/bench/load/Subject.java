package dev.holdfast.cli.integrity.bench.load;

/**
 * What figures are about.
 *
 * @param key short and stable, as in {@code append-64}
 * @param title for people
 * @param clients at once
 */
public record Subject(String key, String title, int clients) {
  public static Subject of(String family, String title, int clients) {
    return new Subject(family + "-" + clients, title, clients);
  }
}
