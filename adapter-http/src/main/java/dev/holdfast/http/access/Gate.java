package dev.holdfast.http.access;

import dev.holdfast.application.access.Keys;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.RequestIds;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.annotation.PreMatching;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.UriRouteMatch;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every request's checks, in the order of spec access §4, before any route is looked at by anybody else. The first failure
 * answers.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class Gate {
  static final long MAX_BODY = 10L << 20;
  private static final Set<String> VERSIONS = Set.of("HTTP/1.0", "HTTP/1.1");
  private static final String BEARER = "bearer ";
  /** Encoded or literal, what separates segments or climbs among them; control characters; half an encoding. */
  private static final Pattern AMBIGUOUS =
      Pattern.compile("//|;|\\\\|/\\.{1,2}(/|$)|%(2[ef]|5c|25|3b|[01][0-9a-f]|7f|(?![0-9a-f]{2}))",
          Pattern.CASE_INSENSITIVE);

  private final Hosts hosts;
  private final NodeState node;
  private final Keys keys;
  private final List<Route> routes;

  Gate(Hosts hosts, NodeState node, Keys keys, @Value("${holdfast.bench:false}") boolean bench) {
    this.hosts = hosts;
    this.node = node;
    this.keys = keys;
    this.routes = Routes.list(bench);
  }

  /** @return the refusal, or null to let the request through */
  @PreMatching
  @RequestFilter
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Nullable
  HttpResponse<?> admit(ServerHttpRequest<?> request) {
    try {
      requireWellFormed(((NettyHttpRequest<?>) request).getNativeRequest());
      return check(request);
    } catch (RefusalException e) {
      return Answers.refused(request, e.refusal());
    }
  }

  /**
   * The route that was found is the one that was admitted, however its path was spelt; without an admission it is one for
   * everybody.
   */
  @RequestFilter
  @Nullable
  HttpResponse<?> confirm(HttpRequest<?> request) {
    String found = RouteAttributes.getRouteMatch(request)
        .map(match -> match instanceof UriRouteMatch<?, ?> uri ? uri.getRouteInfo().getUriMatchTemplate().toString()
            : "")
        .orElse(null);
    boolean right = request.getAttribute(Call.ATTRIBUTE, Call.class)
        .map(call -> call.route().template().equals(found))
        .orElseGet(() -> found == null || isAnonymous(request.getMethodName(), found));
    return right ? null : Answers.refused(request, Reason.ROUTE_NOT_FOUND);
  }

  private boolean isAnonymous(String method, String template) {
    return routes.stream().anyMatch(
        route -> route.isAnonymous() && route.method().equals(method) && route.template().equals(template));
  }

  @ResponseFilter
  void finish(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (!response.getHeaders().contains(RequestIds.HEADER)) {
      response.header(RequestIds.HEADER, RequestIds.of(request));
    }
  }

  /** What the server's own reader lets pass of the forms in which two readers may see different requests. */
  private static void requireWellFormed(io.netty.handler.codec.http.HttpRequest request) {
    boolean known = VERSIONS.contains(request.protocolVersion().text());
    List<String> codings = request.headers().getAll("Transfer-Encoding");
    boolean readable = codings.isEmpty()
        || (codings.equals(List.of("chunked")) && !request.headers().contains("Content-Length"));
    if (!known || !readable) {
      throw new RefusalException(Reason.MALFORMED_REQUEST);
    }
  }

  private @Nullable HttpResponse<?> check(ServerHttpRequest<?> request) {
    if (!hosts.isAllowed(request)) {
      throw new RefusalException(Reason.HOST_NOT_ALLOWED);
    }
    if (!hosts.isSameSite(request)) {
      throw new RefusalException(Reason.CROSS_SITE_FORBIDDEN);
    }
    List<Route> ofPath = Routes.at(routes, path(request));
    requireNodeUp(ofPath);
    if (ofPath.isEmpty()) {
      throw new RefusalException(Reason.ROUTE_NOT_FOUND);
    }
    Optional<Route> route = Routes.of(ofPath, request.getMethodName());
    if (route.isEmpty()) {
      return Answers.refused(request, Reason.METHOD_NOT_ALLOWED).header("Allow", methods(ofPath));
    }
    admit(request, route.get());
    return null;
  }

  private void requireNodeUp(List<Route> ofPath) {
    boolean anonymous = ofPath.stream().anyMatch(Route::isAnonymous);
    if (node.phase() == NodeState.Phase.STARTING && !anonymous) {
      throw new RefusalException(Reason.NODE_STARTING);
    }
  }

  private void admit(ServerHttpRequest<?> request, Route route) {
    long began = System.nanoTime();
    if (route.isAnonymous()) {
      return;
    }
    boolean stream = route.nature() == Route.Nature.STREAM || (route.mayStream() && Call.asksForStream(request));
    if (node.phase() == NodeState.Phase.DRAINING && (stream || route.nature() == Route.Nature.MUTATION)) {
      throw new RefusalException(Reason.NODE_DRAINING);
    }
    Key key = key(request);
    if (!route.allows(key)) {
      throw new RefusalException(Reason.ROLE_NOT_ALLOWED);
    }
    if (route.content() && !key.content()) {
      throw new RefusalException(Reason.CONTENT_NOT_ALLOWED);
    }
    requireBody(request, route);
    Query query = Query.parse(request.getUri().getRawQuery());
    if (!Answers.isOpenAi(request)) {
      query.requireKnown(Set.copyOf(route.query()));
    }
    request.setAttribute(Call.ATTRIBUTE, new Call(request, route, key, query, began));
  }

  private Key key(HttpRequest<?> request) {
    return switch (keys.check(bearer(request))) {
      case Outcome.Done<Key>(Key key) -> key;
      case Outcome.Replayed<Key>(Key key) -> key;
      case Outcome.Refused<Key> refused -> throw new RefusalException(refused.as());
    };
  }

  /** The one place where a key may be: neither query nor cookie nor any other header is looked at. */
  private static String bearer(HttpRequest<?> request) {
    List<String> values = request.getHeaders().getAll("Authorization");
    if (values.size() != 1 || !values.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new RefusalException(Reason.MISSING_KEY);
    }
    String key = values.getFirst().substring(BEARER.length()).strip();
    if (key.isEmpty()) {
      throw new RefusalException(Reason.MISSING_KEY);
    }
    return key;
  }

  private static void requireBody(HttpRequest<?> request, Route route) {
    if (route.request() == null) {
      return;
    }
    long length = request.getContentLength();
    boolean hasBody = length > 0 || request.getHeaders().contains("Transfer-Encoding");
    if (!hasBody && !route.bodyRequired()) {
      return;
    }
    boolean json =
        request.getContentType().filter(type -> type.getName().equals(MediaType.APPLICATION_JSON)).isPresent();
    if (!json || request.getHeaders().contains("Content-Encoding")) {
      throw new RefusalException(Reason.UNSUPPORTED_MEDIA_TYPE);
    }
    if (length > MAX_BODY) {
      throw new RefusalException(Reason.BODY_TOO_LARGE);
    }
  }

  /** Empty, which no route has, when the path could be read in more than one way. */
  private static String path(HttpRequest<?> request) {
    String path = request.getUri().getRawPath();
    return path == null || AMBIGUOUS.matcher(path).find() ? "" : path;
  }

  private static String methods(List<Route> ofPath) {
    return ofPath.stream().map(Route::method).distinct().sorted().collect(Collectors.joining(", "));
  }
}
