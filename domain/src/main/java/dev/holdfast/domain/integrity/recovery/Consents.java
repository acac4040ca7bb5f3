package dev.holdfast.domain.integrity.recovery;

import java.util.Set;

/**
 * What a recovery may do. Without apply nothing else counts.
 *
 * @param restamp names of schemas, as dropFuture
 */
public record Consents(
    boolean apply, boolean relaunch, Set<String> restamp, Set<String> dropFuture, boolean acceptLoss) {
  /** A launch, which asks nobody. */
  public static final Consents NONE = new Consents(false, false, Set.of(), Set.of(), false);

  public static final Consents APPLY = new Consents(true, false, Set.of(), Set.of(), false);

  public Consents {
    restamp = Set.copyOf(restamp);
    dropFuture = Set.copyOf(dropFuture);
  }

  boolean has(Consent consent, String schemaName) {
    return switch (consent) {
      case APPLY -> apply;
      case RELAUNCH -> relaunch;
      case RESTAMP -> restamp.contains(schemaName);
      case DROP_FUTURE -> dropFuture.contains(schemaName);
      case ACCEPT_LOSS -> acceptLoss;
    };
  }
}
