package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.KeyCheck;
import dev.holdfast.application.access.Rates;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Outcome;
import dev.holdfast.http.access.Hosts;
import dev.holdfast.http.access.Remote;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All checks in the order of spec access §4; the first that refuses answers. The order is part of the contract: Host and
 * Origin come before anything that a page of another site could learn from, and the key before anything that tells what
 * the node has.
 */
@Singleton
final class Checks {
  private static final Found ADMITTED = new Found.Admitted();

  /** For every request. */
  private final List<Check> ofArrival;
  /** For those to routes that need a key: who calls, and whether it may. */
  private final List<Check> ofAccess;
  /** Those, and for those that need a key also what it is asked once it is known who calls. */
  private final List<Check> all;

  @Inject
  Checks(Hosts hosts, NodeState node, KeyCheck keys, Rates rates, Remote remote) {
    this(ofArrival(hosts, node), ofAccess(keys, new FailedKeys(rates, remote), rates), ofCall(node));
  }

  Checks(List<Check> ofArrival, List<Check> ofAccess, List<Check> ofCall) {
    this.ofArrival = ofArrival;
    this.ofAccess = ofAccess;
    all = Stream.of(ofArrival, ofAccess, ofCall).flatMap(List::stream).toList();
  }

  static List<Check> ofArrival(Hosts hosts, NodeState node) {
    return List.of(
        new WellFormed(),
        new AllowedHost(hosts),
        new SameSite(hosts),
        new NodeServes(node),
        new KnownRoute());
  }

  static List<Check> ofAccess(KeyCheck keys, FailedKeys failedKeys, Rates rates) {
    return List.of(
        new Bearer(failedKeys),
        failedKeys,
        new ValidKey(keys, failedKeys),
        new KeyRate(rates),
        new AllowedRole());
  }

  static List<Check> ofCall(NodeState node) {
    return List.of(
        new AcceptedBody(),
        new KnownQuery(),
        new StoreWrites(node));
  }

  /** What became of a request that was judged. */
  sealed interface Found {
    record Admitted() implements Found {}

    /** @param recorded whether it is to be told to {@link Refusals} */
    record Refused(Outcome.Refused<?> refusal, boolean recorded) implements Found {}

    /** @param check at which to go on, on a thread that may wait */
    record Undecided(int check) implements Found {}
  }

  /** @param from the check to begin with, of all in their order */
  Found judge(Arrival arrival, int from) {
    for (int i = from; i < all.size(); i++) {
      if (i == ofArrival.size() && arrival.route().isAnonymous()) {
        break;
      }
      Verdict verdict = all.get(i).judge(arrival);
      // Nearly always; telling all types apart takes longer than most checks do.
      if (!(verdict instanceof Verdict.Passed)) {
        Found found = found(verdict, arrival, i);
        if (found != null) {
          return found;
        }
      }
    }
    return ADMITTED;
  }

  private @Nullable Found found(Verdict verdict, Arrival arrival, int check) {
    return switch (verdict) {
      case Verdict.Passed _ -> null;
      case Verdict.Later _ -> new Found.Undecided(check);
      case Verdict.Refused(Outcome.Refused<?> refusal) ->
        new Found.Refused(refusal, isRecorded(arrival, check - ofArrival.size()));
    };
  }

  /** @param check counted from the first of access; what is refused before that is no call of anybody's */
  private boolean isRecorded(Arrival arrival, int check) {
    return check >= 0 && (check < ofAccess.size() || arrival.route().isRecorded());
  }
}
