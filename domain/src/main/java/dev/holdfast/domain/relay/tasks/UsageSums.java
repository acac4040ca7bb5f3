package dev.holdfast.domain.relay.tasks;

import dev.holdfast.domain.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What calls used, summed up by one of their sides (spec R-48). */
public final class UsageSums {
  private static final int DAY = "2026-01-01".length();

  private final By by;
  private final Map<String, Sum> sums = new TreeMap<>();

  /** By what calls are put together. */
  public enum By {
    /** All in one. */
    ALL,
    KEY,
    MODEL,
    PROVIDER,
    /** In UTC. */
    DAY
  }

  /**
   * @param completed those that came to their end
   * @param estimated those whose tokens were counted by the node
   * @param total the time of all together
   */
  public record Sum(
      long calls, long completed, long inputTokens, long outputTokens, long estimated, Duration total) {
    private static final Sum NONE = new Sum(0, 0, 0, 0, 0, Duration.ZERO);

    private Sum and(UsageRecord used) {
      return new Sum(calls + 1, completed + (used.outcome().equals(UsageRecord.COMPLETED) ? 1 : 0),
          inputTokens + used.inputTokens(), outputTokens + used.outputTokens(), estimated + (used.estimated() ? 1 : 0),
          total.plus(used.total()));
    }
  }

  /**
   * Which calls count.
   *
   * @param from the first instant, or null
   * @param to the first instant that doesn't count any more, or null
   * @param key the only key whose calls count, or null for all
   */
  public record Wanted(@Nullable Instant from, @Nullable Instant to, @Nullable String key) {
    private boolean has(UsageRecord used) {
      return (from == null || !used.at().isBefore(from)) && (to == null || used.at().isBefore(to))
          && (key == null || key.equals(used.key()));
    }
  }

  public UsageSums(By by) {
    this.by = by;
  }

  public void add(UsageRecord used, Wanted wanted) {
    if (wanted.has(used)) {
      sums.merge(group(used), Sum.NONE.and(used), (known, _) -> known.and(used));
    }
  }

  /** The empty text stands for the node's own calls, and for those that no provider took. */
  private String group(UsageRecord used) {
    String group = switch (by) {
      case ALL -> "";
      case KEY -> used.key();
      case MODEL -> used.model();
      case PROVIDER -> used.provider();
      case DAY -> Texts.instant(used.at()).substring(0, DAY);
    };
    return group == null ? "" : group;
  }

  /** By group, in the order of their names. */
  public Map<String, Sum> sums() {
    return new TreeMap<>(sums);
  }
}
