package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.integrity.stores.Descriptors;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file that a batch has written and not yet put in its place: {@code <file>.<batch id>.staged}.
 *
 * @param file the name of the store's file
 */
public record StagedName(String file, StoreBatchId batch) {
  private static final Pattern FORM = Pattern.compile("([a-z-]+\\.json)\\.(hf-batch-[0-9a-f]{16})\\.staged");

  public String text() {
    return file + "." + batch + ".staged";
  }

  /** Empty for every other name, and for one of a file that no store has. */
  public static Optional<StagedName> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    return matcher.matches()
        && Descriptors.ALL.stream().anyMatch(store -> store.fileName().equals(matcher.group(1)))
            ? Optional.of(new StagedName(matcher.group(1), new StoreBatchId(matcher.group(2))))
            : Optional.empty();
  }
}
