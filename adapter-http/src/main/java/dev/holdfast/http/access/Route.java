package dev.holdfast.http.access;

import dev.holdfast.domain.access.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One route: who may call it, what it takes, what it answers.
 *
 * @param action what it does, as {@code noun.verb}: how records and the document name it
 * @param method in upper case
 * @param template the path, with variables in braces, each a whole segment
 * @param roles who may call it; empty means everybody, without a key
 * @param request the name of the body's schema, or null when the route takes none
 * @param answer the name of the answer's schema
 */
public record Route(
    String action, String method, String template, String summary, Nature nature, Set<Role> roles, Set<Trait> traits,
    @Nullable String request, boolean bodyRequired, String answer, List<String> query) {

  /** The answer of a route that answers with no body. */
  static final String NOTHING = "nothing";

  /** The media type of bodies that are lines of JSON. */
  public static final String LINES_TYPE = "application/x-ndjson";

  /** What a draining node still does of it (spec A-33). */
  public enum Nature {
    READ,
    MUTATION,
    STREAM
  }

  /** What sets a route apart from others of its nature. */
  public enum Trait {
    /** It shows content, so the key must allow that (spec A-20). */
    CONTENT,
    /** It brings to an end what was begun, so a draining node still does it (spec A-33). */
    FINISHES_WORK,
    /** It comes again and again as part of work that was admitted, so no key's rate counts it (spec A-85). */
    UNCOUNTED,
    /** It comes again and again and leaves its own rows, so it leaves no record (spec A-90). */
    UNRECORDED,
    /** It mends the store or saves what is there, so it is done also when that takes no writes for its damage. */
    MENDS,
    /** Its body is lines of JSON that are read while they come. */
    LINES,
    /** It runs a model for the caller; a key may have so many at once, and the store is not written (spec A-86). */
    INFERENCE
  }

  public Route {
    roles = Set.copyOf(roles);
    traits = Set.copyOf(traits);
    query = List.copyOf(query);
  }

  static Route get(String action, String template, String summary, String answer) {
    return new Route(action, "GET", template, summary, Nature.READ, Set.of(), Set.of(), null, false, answer,
        List.of());
  }

  static Route stream(String action, String template, String summary, String answer) {
    return get(action, template, summary, answer).as("GET", Nature.STREAM, null, false);
  }

  /** A call whose body must be there. */
  static Route post(String action, String template, String summary, String request, String answer) {
    return get(action, template, summary, answer).as("POST", Nature.MUTATION, request, true);
  }

  /** A call whose body may be left out. */
  static Route act(String action, String template, String summary, String request, String answer) {
    return get(action, template, summary, answer).as("POST", Nature.MUTATION, request, false);
  }

  static Route put(String action, String template, String summary, String request, String answer) {
    return get(action, template, summary, answer).as("PUT", Nature.MUTATION, request, true);
  }

  static Route patch(String action, String template, String summary, String request, String answer) {
    return get(action, template, summary, answer).as("PATCH", Nature.MUTATION, request, true);
  }

  static Route delete(String action, String template, String summary, String answer) {
    return get(action, template, summary, answer).as("DELETE", Nature.MUTATION, null, false);
  }

  private Route as(String newMethod, Nature newNature, @Nullable String newRequest, boolean required) {
    return new Route(action, newMethod, template, summary, newNature, roles, traits, newRequest, required, answer,
        query);
  }

  Route roles(Role first, Role... more) {
    return new Route(action, method, template, summary, nature, EnumSet.of(first, more), traits, request,
        bodyRequired, answer, query);
  }

  Route with(Trait first, Trait... more) {
    return new Route(action, method, template, summary, nature, roles, EnumSet.of(first, more), request, bodyRequired,
        answer, query);
  }

  Route query(String... names) {
    return new Route(action, method, template, summary, nature, roles, traits, request, bodyRequired, answer,
        List.of(names));
  }

  public boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether a call of it, done or refused, leaves a record (spec A-90). */
  public boolean isRecorded() {
    return nature == Nature.MUTATION && !is(Trait.UNRECORDED);
  }

  /** The status of an answer that isn't a refusal. */
  public int success() {
    return answer.equals(NOTHING) ? 204 : 200;
  }

  /** Whether it needs a store that takes writes. */
  public boolean writes() {
    return nature == Nature.MUTATION && !is(Trait.INFERENCE) && !is(Trait.MENDS);
  }

  public boolean isAnonymous() {
    return roles.isEmpty();
  }

  /** Whether it answers an event stream to those who ask for one. */
  public boolean mayStream() {
    return nature == Nature.STREAM || answer.equals("OutputPage");
  }

  /** The headers that mean something to the route beside those that every route has. */
  List<String> headers() {
    if (mayStream()) {
      return List.of("Last-Event-ID");
    }
    if (nature == Nature.MUTATION
        && ((action.startsWith("key.") && template.contains("{")) || action.equals("provider.change")
            || action.equals("provider.set"))) {
      return List.of("If-Match");
    }
    boolean repeatable =
        action.equals("inference.submit") || answer.equals("InputAck") || (answer.equals("Batch") && request != null)
            || (answer.equals("WorkerDetail") && request != null);
    return repeatable ? List.of("Idempotency-Key") : List.of();
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
