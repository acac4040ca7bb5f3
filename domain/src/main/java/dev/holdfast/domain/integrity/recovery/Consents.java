package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.integrity.stores.Descriptors;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

  /** With the word that lets the others count. */
  public Consents applied() {
    return new Consents(true, relaunch, restamp, dropFuture, acceptLoss);
  }

  public Json json() {
    return Json.object("apply", apply, "relaunch", relaunch, "restamp", List.copyOf(new TreeSet<>(restamp)),
        "drop_future", List.copyOf(new TreeSet<>(dropFuture)), "accept_loss", acceptLoss);
  }

  /** The inverse of {@link #json}; what is left out isn't given. */
  public static Consents read(JsonMembers members) {
    return new Consents(members.bool("apply", false), members.bool("relaunch", false), schemas(members, "restamp"),
        schemas(members, "drop_future"), members.bool("accept_loss", false));
  }

  private static Set<String> schemas(JsonMembers members, String name) {
    List<String> named = members.texts(name);
    if (named.stream().anyMatch(schema -> Descriptors.find(schema).isEmpty())) {
      throw members.wrong(name, "names of schemas, such as " + Descriptors.LAUNCH_STATE.schemaName());
    }
    return Set.copyOf(named);
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
