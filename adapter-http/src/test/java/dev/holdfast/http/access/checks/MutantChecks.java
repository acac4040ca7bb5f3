package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.KeyCheck;
import dev.holdfast.application.access.Rates;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.http.access.Hosts;
import dev.holdfast.http.access.Remote;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Checks in a wrong order, for a node that asks for them by the property {@code holdfast.test.mutant}. */
@Factory
final class MutantChecks {

  @Singleton
  @Replaces(Checks.class)
  @Requires(property = "holdfast.test.mutant", value = "host-behind-key")
  Checks hostBehindKey(Hosts hosts, NodeState node, KeyCheck keys, Rates rates, Remote remote) {
    List<Check> ofArrival = new ArrayList<>(Checks.ofArrival(hosts, node));
    List<Check> ofAccess = new ArrayList<>(Checks.ofAccess(keys, new FailedKeys(rates, remote), rates));
    Check host = ofArrival.stream().filter(AllowedHost.class::isInstance).findFirst().orElseThrow();
    ofArrival.remove(host);
    ofAccess.add(host);
    return new Checks(List.copyOf(ofArrival), List.copyOf(ofAccess), Checks.ofCall(node));
  }
}
