package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.KeyRules;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.access.Route;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The key's role may call the route, the key may read content where the route shows it (spec ), and only an admin
 * calls in another subject's name; the whole call is that subject's then (spec A-23).
 */
final class AllowedRole implements Check {

  @Override
  public Verdict judge(Arrival arrival) {
    Route route = arrival.route();
    Key key = Objects.requireNonNull(arrival.key());
    if (!route.roles().contains(key.role())) {
      return wrongRole(key, route.roles());
    }
    if (!key.content() && route.is(Route.Trait.CONTENT)) {
      return Verdict.refused(Reason.CONTENT_NOT_ALLOWED);
    }
    List<String> named = arrival.request().getHeaders().getAll(Call.ON_BEHALF_OF);
    return named.isEmpty() ? Verdict.PASSED : onBehalf(arrival, key, named);
  }

  private static Verdict onBehalf(Arrival arrival, Key key, List<String> named) {
    if (key.role() != Role.ADMIN) {
      return wrongRole(key, Set.of(Role.ADMIN));
    }
    String subject = named.getFirst();
    if (named.size() > 1 || !KeyRules.isSubject(subject)) {
      return new Verdict.Refused(Outcome.invalid(Call.ON_BEHALF_OF));
    }
    arrival.onBehalfOf(subject);
    return Verdict.PASSED;
  }

  private static Verdict wrongRole(Key key, Set<Role> needed) {
    String named = needed.stream().sorted().map(Role::text).collect(Collectors.joining(" or "));
    return new Verdict.Refused(new Outcome.Refused<>(Reason.ROLE_NOT_ALLOWED,
        Map.of("role", key.role().text(), "needed_role", named)));
  }
}
