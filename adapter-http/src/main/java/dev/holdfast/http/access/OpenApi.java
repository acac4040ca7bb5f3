package dev.holdfast.http.access;

import dev.holdfast.application.turns.ExecutorWork;
import dev.holdfast.application.turns.TurnCancels;
import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.Cancel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The OpenAPI document of the route table. Schemas are written by hand, beside this class. */
final class OpenApi {
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");
  private static final String EVENT_STREAM = "text/event-stream";

  private OpenApi() {}

  static Json document(List<Route> routes) {
    Map<String, @Nullable Object> paths = new TreeMap<>();
    for (Route route : routes) {
      @SuppressWarnings("unchecked") var operations = (Map<String, @Nullable Object>) Objects.requireNonNull(
          paths.computeIfAbsent(route.template(), _ -> new TreeMap<String, @Nullable Object>()));
      operations.put(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
    return Json.object(
        "openapi", "3.1.0",
        "info", Json.object("title", "Holdfast", "version", "1", "description",
            "Keeps AI agents and the models they use running: durable workers, and every model behind one address.",
            "license", Json.object("name", "Apache-2.0", "identifier", "Apache-2.0")),
        "paths", paths,
        "components", Json.object(
            "securitySchemes", Json.object("key", Json.object("type", "http", "scheme", "bearer",
                "description", "An admin's call with the header X-On-Behalf-Of: SUBJECT is that subject's")),
            "schemas", schemas()));
  }

  static Json schemas() {
    try (InputStream in = Objects.requireNonNull(OpenApi.class.getResourceAsStream("schemas.json"))) {
      return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Json operation(Route route) {
    return Json.object(
        "operationId", route.action(),
        "summary", route.summary(),
        "parameters", parameters(route),
        "requestBody", route.request() == null
            ? null
            : Json.object("required", route.bodyRequired(), "content",
                content(route.is(Route.Trait.LINES) ? Route.LINES_TYPE : "application/json", route.request())),
        "responses", responses(route),
        "security", route.isAnonymous() ? List.of() : List.of(Json.object("key", List.of())),
        "x-holdfast-roles", route.roles().stream().map(role -> role.text()).sorted().toList());
  }

  private static List<Json> parameters(Route route) {
    List<Json> parameters = new ArrayList<>();
    Matcher variables = VARIABLE.matcher(route.template());
    while (variables.find()) {
      parameters.add(parameter("path", variables.group(1), true, text()));
    }
    for (String name : route.query()) {
      parameters.add(parameter("query", name, false, query(route, name)));
    }
    for (String header : route.headers()) {
      parameters.add(parameter("header", header, false, text()));
    }
    return parameters;
  }

  /** A page of nothing is an answer where a page tells more than its items: of the feed, or of a transcript. */
  private static Json query(Route route, String name) {
    boolean mayBeNothing = route.answer().equals("EventBatch") || route.answer().equals("Projection");
    int most = route.answer().equals("WorkHints") ? ExecutorWork.MAX_LIMIT : Page.MAX_LIMIT;
    return switch (name) {
      case "limit" -> Json.object("type", "integer", "minimum", mayBeNothing ? 0 : 1, "maximum", most);
      case "start" -> Json.object("type", "integer", "minimum", 0);
      case "timeout_ms" -> Json.object("type", "integer", "minimum", 0, "maximum", TurnCancels.MAX_WAIT.toMillis());
      case "wait" -> Json.object("type", "string", "enum",
          Arrays.stream(Cancel.Stage.values()).map(Cancel.Stage::text).toList());
      case "wait_ms" -> Json.object("type", "integer", "minimum", 0, "maximum", ExecutorWork.MAX_WAIT.toMillis());
      default -> text();
    };
  }

  private static Json parameter(String in, String name, boolean required, Json schema) {
    return Json.object("in", in, "name", name, "required", required, "schema", schema);
  }

  private static Json text() {
    return Json.object("type", "string");
  }

  private static Json responses(Route route) {
    Json wrong = route.template().startsWith("/v1/")
        ? content("application/json", "OpenAiError")
        : content("application/problem+json", "Problem");
    boolean nothing = route.answer().equals(Route.NOTHING);
    return Json.object(
        "200", nothing ? null : Json.object("description", "Done", "content", answer(route)),
        "204", switch (route.answer()) {
          case "OutputPage" -> Json.object("description", "The turn has ended, and nothing is behind the cursor");
          case Route.NOTHING -> Json.object("description", "Done");
          default -> null;
        },
        "default", Json.object("description", "Refused", "content", wrong));
  }

  private static Json answer(Route route) {
    return switch (route.answer()) {
      case "text" -> Json.object("text/plain", Json.object("schema", text()));
      case "object" -> Json.object("application/json", Json.object("schema", Json.object("type", "object")));
      case "event-stream" -> Json.object(EVENT_STREAM, Json.object("schema", text()));
      case "OutputPage", "ChatCompletion", "Response" ->
        Json.object("application/json", schema(route.answer()), EVENT_STREAM,
            Json.object("schema", text()));
      default -> content("application/json", route.answer());
    };
  }

  private static Json content(String type, String schema) {
    return Json.object(type, schema(schema));
  }

  private static Json schema(String name) {
    return Json.object("schema", Json.object("$ref", "#/components/schemas/" + name));
  }
}
