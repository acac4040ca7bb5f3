package dev.holdfast.http.access;

import dev.holdfast.http.NodeUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A route as the document of a running node tells it. The tables of acceptance cases go over these, so that they can't miss
 * a route that the node has.
 */
record Documented(String method, String path, boolean takesBody, boolean needsBody, boolean keyed) {

  /** All of them, in the document's order. */
  static List<Documented> of(NodeUnderTest node) {
    List<Documented> routes = new ArrayList<>();
    object(node.get("/openapi.json").member("paths")).forEach((path, operations) -> object(operations)
        .forEach((method, operation) -> routes.add(of(method.toUpperCase(Locale.ROOT), path, object(operation)))));
    return routes;
  }

  private static Documented of(String method, String path, Map<String, @Nullable Object> operation) {
    Object body = operation.get("requestBody");
    return new Documented(method, path, body != null, body != null && Boolean.TRUE.equals(object(body).get("required")),
        !List.of().equals(operation.get("security")));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
  }

  String name() {
    return method + " " + path;
  }

  /** A path of the route that names nothing which is there. */
  String target() {
    return path.replaceAll("\\{[a-z_]+}", "nobody");
  }

  boolean isOpenAi() {
    return path.startsWith("/v1/");
  }
}
