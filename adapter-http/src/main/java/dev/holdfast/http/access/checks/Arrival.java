package dev.holdfast.http.access.checks;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Rated;
import dev.holdfast.http.Query;
import dev.holdfast.http.RequestIds;
import dev.holdfast.http.Statuses;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.access.Route;
import dev.holdfast.http.access.RouteTable;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request on its way through the checks, and what they have found out of it. One thread at a time has it. */
final class Arrival {
  /** Encoded, what separates segments or climbs among them; control characters; half an encoding. */
  private static final Pattern AMBIGUOUS =
      Pattern.compile("%(2[ef]|5c|25|3b|[01][0-9a-f]|7f|(?![0-9a-f]{2}))", Pattern.CASE_INSENSITIVE);

  private final ServerHttpRequest<?> request;
  private final RouteTable routes;
  private final long began = System.nanoTime();

  private boolean mayWait;
  private @Nullable List<Route> ofPath;
  private @Nullable Route route;
  private @Nullable String presented;
  private @Nullable Key key;
  private @Nullable String endedKey;
  private @Nullable Rated rated;
  private @Nullable String onBehalfOf;
  private @Nullable Query query;

  /** @param routes all that the node has */
  Arrival(ServerHttpRequest<?> request, RouteTable routes) {
    this.request = request;
    this.routes = routes;
  }

  ServerHttpRequest<?> request() {
    return request;
  }

  /** As the server's reader understood it, before anything was made of it. */
  io.netty.handler.codec.http.HttpRequest raw() {
    return ((NettyHttpRequest<?>) request).getNativeRequest();
  }

  /** Whether the thread that judges may wait for the store. */
  boolean mayWait() {
    return mayWait;
  }

  /** From now on it is on a thread that may. */
  void letWait() {
    mayWait = true;
  }

  /** The routes of the request's path, one per method. */
  List<Route> ofPath() {
    List<Route> known = ofPath;
    if (known == null) {
      String path = request.getUri().getRawPath();
      known = path == null || isAmbiguous(path) ? List.of() : routes.at(path);
      ofPath = known;
    }
    return known;
  }

  /** A path that could be read in more than one way is no route's. */
  private static boolean isAmbiguous(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean climbs = c == '/' && i + 1 < path.length() && (path.charAt(i + 1) == '/' || isDots(path, i + 1));
      if (c == ';' || c == '\\' || climbs) {
        return true;
      }
      if (c == '%') {
        return AMBIGUOUS.matcher(path).find();
      }
    }
    return false;
  }

  /** Whether the segment is one dot or two. */
  private static boolean isDots(String path, int at) {
    int end = path.startsWith("..", at) ? at + 2 : path.startsWith(".", at) ? at + 1 : at;
    return end > at && (end == path.length() || path.charAt(end) == '/');
  }

  /** The route of the path that has the method; empty until it is known that there is one. */
  Optional<Route> found() {
    return Optional.ofNullable(lookUp());
  }

  private @Nullable Route lookUp() {
    Route known = route;
    if (known == null) {
      for (Route candidate : ofPath()) {
        if (known == null && candidate.method().equals(request.getMethodName())) {
          known = candidate;
        }
      }
      route = known;
    }
    return known;
  }

  /** Known behind {@link KnownRoute}. */
  Route route() {
    return Objects.requireNonNull(lookUp());
  }

  /** Whether the answer would be an event stream. */
  static boolean isStream(Route route, ServerHttpRequest<?> request) {
    return route.nature() == Route.Nature.STREAM || (route.mayStream() && Call.asksForStream(request));
  }

  /** What the caller presents as its key; known behind {@link Bearer}. */
  String presented() {
    return Objects.requireNonNull(presented);
  }

  void presented(String text) {
    presented = text;
  }

  /** Whose call it is; null until {@link ValidKey} has found it valid. */
  @Nullable
  Key key() {
    return key;
  }

  void key(Key found) {
    key = found;
  }

  /** The caller has shown a key that was valid once. */
  void ended(String keyId) {
    endedKey = keyId;
  }

  /** What the key's rate says of the request; null where nobody has asked or the route isn't counted. */
  @Nullable
  Rated rated() {
    return rated;
  }

  void rated(Rated found) {
    rated = found;
  }

  /** The subject that an admin calls in the name of. */
  void onBehalfOf(String subject) {
    onBehalfOf = subject;
  }

  void query(Query found) {
    query = found;
  }

  /** What the route is given; all checks have been passed. */
  Call call() {
    return new Call(request, route(), new Call.Caller(Objects.requireNonNull(key), onBehalfOf),
        Objects.requireNonNull(query), audited(), rated instanceof Rated.Admitted admitted ? admitted : null, began);
  }

  /** What the audit will say of it, whoever calls. */
  Audited audited() {
    Key known = key;
    String id = RequestIds.of(request);
    String ofClient = RequestIds.ofClient(request);
    AuditEntry.Caller caller = known == null
        ? new AuditEntry.Caller(id, ofClient, endedKey, null, null)
        : new AuditEntry.Caller(id, ofClient, known.id(), new Call.Caller(known, onBehalfOf).subject(), known.role());
    return new Audited(caller, route().action(), route().success(), Statuses::of);
  }
}
