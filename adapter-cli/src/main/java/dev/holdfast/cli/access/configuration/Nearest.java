package dev.holdfast.cli.access.configuration;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody probably meant to write. */
final class Nearest {
  private static final int FARTHEST = 3;

  private Nearest() {}

  /** The known name that is few letters away or ends in the word; empty when none is near. */
  static Optional<String> to(String word, Collection<String> known) {
    Optional<String> longer = known.stream().filter(name -> name.endsWith("." + word)).findFirst();
    return longer.isPresent()
        ? longer
        : known.stream().filter(name -> distance(word, name) <= Math.min(FARTHEST, word.length() / 2))
            .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  /** How many letters have to be changed, added or left out (Levenshtein). */
  private static int distance(String one, String other) {
    if (Math.abs(one.length() - other.length()) > FARTHEST) {
      return FARTHEST + 1;
    }
    int[] above = new int[other.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[other.length()];
  }
}
