package dev.holdfast.http.access;

import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One route: who may call it, what it takes, what it answers.
 *
 * @param method in upper case
 * @param template the path, with variables in braces, each a whole segment
 * @param roles who may call it; empty means everybody, without a key
 * @param content whether the key must allow content (spec A-20)
 * @param request the name of the body's schema, or null when the route takes none
 * @param answer the name of the answer's schema
 */
public record Route(
    String method, String template, String summary, Nature nature, Set<Role> roles, boolean content,
    @Nullable String request, boolean bodyRequired, String answer, List<String> query) {

  /** What a draining node still does of it (spec A-33). */
  public enum Nature {
    READ,
    MUTATION,
    STREAM
  }

  public Route {
    roles = Set.copyOf(roles);
    query = List.copyOf(query);
  }

  static Route get(String template, String summary, String answer) {
    return new Route("GET", template, summary, Nature.READ, Set.of(), false, null, false, answer, List.of());
  }

  static Route stream(String template, String summary, String answer) {
    return get(template, summary, answer).as("GET", Nature.STREAM, null, false);
  }

  /** A call whose body must be there. */
  static Route post(String template, String summary, String request, String answer) {
    return get(template, summary, answer).as("POST", Nature.MUTATION, request, true);
  }

  /** A call whose body may be left out. */
  static Route act(String template, String summary, String request, String answer) {
    return get(template, summary, answer).as("POST", Nature.MUTATION, request, false);
  }

  static Route put(String template, String summary, String request, String answer) {
    return get(template, summary, answer).as("PUT", Nature.MUTATION, request, true);
  }

  static Route delete(String template, String summary, String answer) {
    return get(template, summary, answer).as("DELETE", Nature.MUTATION, null, false);
  }

  private Route as(String newMethod, Nature newNature, @Nullable String newRequest, boolean required) {
    return new Route(newMethod, template, summary, newNature, roles, content, newRequest, required, answer, query);
  }

  Route roles(Role first, Role... more) {
    return new Route(method, template, summary, nature, EnumSet.of(first, more), content, request, bodyRequired,
        answer, query);
  }

  Route withContent() {
    return new Route(method, template, summary, nature, roles, true, request, bodyRequired, answer, query);
  }

  Route query(String... names) {
    return new Route(method, template, summary, nature, roles, content, request, bodyRequired, answer,
        List.of(names));
  }

  public boolean isAnonymous() {
    return roles.isEmpty();
  }

  /** Whether it answers an event stream to those who ask for one. */
  boolean mayStream() {
    return nature == Nature.STREAM || answer.equals("OutputPage");
  }

  /** The headers that mean something to the route beside those that every route has. */
  List<String> headers() {
    if (mayStream()) {
      return List.of("Last-Event-ID");
    }
    boolean repeatable = answer.equals("InputAck") || (answer.equals("WorkerDetail") && request != null);
    return repeatable ? List.of("Idempotency-Key") : List.of();
  }

  boolean allows(Key key) {
    return roles.contains(key.role());
  }

  /** Whether the path is one of this route's. A variable takes one whole segment that isn't empty. */
  boolean matches(String path) {
    int inTemplate = 0;
    int inPath = 0;
    while (inTemplate < template.length()) {
      if (template.charAt(inTemplate) == '{') {
        int end = path.indexOf('/', inPath);
        int segmentEnd = end < 0 ? path.length() : end;
        if (segmentEnd == inPath) {
          return false;
        }
        inPath = segmentEnd;
        inTemplate = template.indexOf('}', inTemplate) + 1;
      } else if (inPath < path.length() && path.charAt(inPath) == template.charAt(inTemplate)) {
        inPath++;
        inTemplate++;
      } else {
        return false;
      }
    }
    return inPath == path.length();
  }

  /** As in {@code GET /api/v1/workers/{id}}. */
  public String name() {
    return method + " " + template;
  }
}
