package dev.holdfast.http.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The routes of a node by their paths. */
public final class RouteTable {
  /** Those without variables. */
  private final Map<String, List<Route>> literal = new HashMap<>();
  private final List<Variable> variable = new ArrayList<>();

  /** @param prefix what stands before the first variable */
  private record Variable(String prefix, Route route) {
    boolean matches(String path) {
      return path.startsWith(prefix) && route.matches(path);
    }
  }

  public RouteTable(List<Route> routes) {
    for (Route route : routes) {
      int brace = route.template().indexOf('{');
      if (brace < 0) {
        literal.computeIfAbsent(route.template(), _ -> new ArrayList<>(2)).add(route);
      } else {
        variable.add(new Variable(route.template().substring(0, brace), route));
      }
    }
  }

  /** The routes of a path, one per method. A literal segment goes before a variable. */
  public List<Route> at(String path) {
    List<Route> found = new ArrayList<>(2);
    found.addAll(literal.getOrDefault(path, List.of()));
    for (Variable candidate : variable) {
      if (candidate.matches(path)) {
        found.add(candidate.route());
      }
    }
    return found;
  }

  /** Whether there is such a route, and everybody may call it. */
  public boolean isAnonymous(String method, String template) {
    for (Route route : literal.getOrDefault(template, List.of())) {
      if (route.isAnonymous() && route.method().equals(method)) {
        return true;
      }
    }
    return variable.stream().map(Variable::route)
        .anyMatch(route -> route.isAnonymous() && route.method().equals(method) && route.template().equals(template));
  }
}
