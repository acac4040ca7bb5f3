package dev.holdfast.http.access;

import static dev.holdfast.domain.access.Role.ADMIN;
import static dev.holdfast.domain.access.Role.CONSUMER;
import static dev.holdfast.domain.access.Role.EXECUTOR;
import static dev.holdfast.domain.access.Role.OBSERVER;
import static dev.holdfast.domain.access.Role.OPERATOR;
import static dev.holdfast.domain.access.Role.PUBLISHER;

import dev.holdfast.domain.access.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every route of the node, and the only place that says who may call which: what isn't here doesn't exist. */
public final class Routes {
  private static final String WORKER = "/api/v1/workers/{id}";
  private static final Role[] BUT_PUBLISHER = {OPERATOR, OBSERVER, CONSUMER, EXECUTOR};
  private static final Role[] ANY_OTHER = {OPERATOR, OBSERVER, CONSUMER, EXECUTOR, PUBLISHER};

  private static final List<Route> ALL = all();
  /** Only in a node that measures itself (property {@code holdfast.bench}), so not in any document. */
  private static final Route UNSTORED =
      Route.post("/api/v1/bench/workers/{id}/inputs", "Take an input and store nothing", "WorkerInput", "Nothing")
          .roles(ADMIN);

  private Routes() {}

  public static List<Route> list() {
    return ALL;
  }

  /** @param bench whether the node measures itself */
  static List<Route> list(boolean bench) {
    if (!bench) {
      return ALL;
    }
    List<Route> more = new ArrayList<>(ALL);
    more.add(UNSTORED);
    return List.copyOf(more);
  }

  /** The routes of a path, one per method. A literal segment goes before a variable. */
  static List<Route> at(List<Route> all, String path) {
    List<Route> found = new ArrayList<>(2);
    for (Route route : all) {
      if (route.matches(path)) {
        found.add(route);
      }
    }
    return found;
  }

  static Optional<Route> of(List<Route> ofPath, String method) {
    return ofPath.stream().filter(route -> route.method().equals(method)).findFirst();
  }

  private static List<Route> all() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(node());
    routes.addAll(runtime());
    routes.addAll(workers());
    routes.addAll(turns());
    routes.addAll(models());
    routes.addAll(openAi());
    return List.copyOf(routes);
  }

  private static List<Route> node() {
    return List.of(
        Route.get("/health/liveness", "Whether the process is alive", "Health"),
        Route.get("/health/readiness", "Whether the node takes work, and why not", "Readiness"),
        Route.get("/metrics", "Metrics for Prometheus", "text").roles(ADMIN, OPERATOR, OBSERVER),
        Route.get("/openapi.json", "This document", "object").roles(ADMIN, ANY_OTHER),
        Route.get("/api/v1/whoami", "What the caller's key is and may do", "WhoAmI").roles(ADMIN, ANY_OTHER));
  }

  private static List<Route> runtime() {
    return List.of(
        Route.get("/api/v1/runtime", "The runtime", "RuntimeSummary").roles(ADMIN, BUT_PUBLISHER),
        Route.act("/api/v1/runtime/stop", "Stop the runtime and its workers", "Note", "RuntimeAck")
            .roles(ADMIN, OPERATOR),
        Route.act("/api/v1/runtime/start", "Start the runtime again", "Note", "RuntimeAck").roles(ADMIN, OPERATOR),
        Route.get("/api/v1/diagnostics", "What explains states of the runtime", "DiagnosticList")
            .roles(ADMIN, OPERATOR, OBSERVER).query("after", "limit", "severity", "worker_id"),
        Route.get("/api/v1/events", "A page of the feed", "EventBatch").roles(ADMIN, BUT_PUBLISHER)
            .query("cursor", "limit", "worker_id", "runtime_id"),
        Route.get("/api/v1/events/cursor", "The feed's first or next place", "EventCursor").roles(ADMIN, BUT_PUBLISHER)
            .query("at"),
        Route.stream("/api/v1/events/stream", "The feed as it grows", "event-stream").roles(ADMIN, BUT_PUBLISHER)
            .query("cursor", "worker_id", "runtime_id"));
  }

  private static List<Route> workers() {
    return List.of(
        Route.get("/api/v1/workers", "The workers", "WorkerList").roles(ADMIN, BUT_PUBLISHER)
            .query("status", "after", "limit"),
        Route.post("/api/v1/workers", "Create a worker", "CreateWorkerRequest", "WorkerDetail")
            .roles(ADMIN, OPERATOR, CONSUMER),
        Route.get(WORKER, "One worker", "WorkerDetail").roles(ADMIN, BUT_PUBLISHER).query("runtime_id"),
        Route.act(WORKER + "/stop", "Stop a worker", "Note", "LifecycleAck").roles(ADMIN, OPERATOR, CONSUMER)
            .query("runtime_id"),
        Route.act(WORKER + "/cancel", "Cancel a worker", "Note", "LifecycleAck").roles(ADMIN, OPERATOR, CONSUMER)
            .query("runtime_id"),
        Route.get(WORKER + "/transcript", "A window on a worker's transcript", "Projection")
            .roles(ADMIN, BUT_PUBLISHER).withContent().query("start", "limit", "runtime_id"));
  }

  private static List<Route> turns() {
    return List.of(
        Route.post(WORKER + "/inputs", "Send an input to a worker", "WorkerInput", "InputAck")
            .roles(ADMIN, OPERATOR, CONSUMER).query("runtime_id"),
        Route.get(WORKER + "/inputs", "A worker's inputs", "InputList").roles(ADMIN, BUT_PUBLISHER)
            .query("state", "after", "limit", "runtime_id"),
        Route.get(WORKER + "/inputs/{input_id}", "One input", "Input").roles(ADMIN, BUT_PUBLISHER)
            .query("runtime_id"),
        Route.get(WORKER + "/turns", "A worker's turns", "TurnList").roles(ADMIN, BUT_PUBLISHER)
            .query("after", "limit", "runtime_id"),
        Route.get("/api/v1/turns/{id}", "One turn", "Turn").roles(ADMIN, BUT_PUBLISHER),
        Route.get("/api/v1/turns/{id}/output", "A turn's output, as a page or as a stream", "OutputPage")
            .roles(ADMIN, BUT_PUBLISHER).withContent().query("after", "limit", "attempts"),
        Route.get("/api/v1/sessions/{id}", "A worker's session", "Session").roles(ADMIN, BUT_PUBLISHER)
            .query("runtime_id"));
  }

  private static List<Route> models() {
    return List.of(
        Route.get("/api/v1/models", "The models that callers can name", "ModelList")
            .roles(ADMIN, OPERATOR, OBSERVER, CONSUMER, EXECUTOR),
        Route.put("/api/v1/models/default", "Set the model that is used where nothing names one", "DefaultModel",
            "Model").roles(ADMIN),
        Route.get("/api/v1/providers", "The providers", "ProviderList").roles(ADMIN, OPERATOR, OBSERVER),
        Route.post("/api/v1/providers", "Add a public provider", "AddProvider", "Provider").roles(ADMIN),
        Route.delete("/api/v1/providers/{name}", "Remove a provider", "Provider").roles(ADMIN));
  }

  private static List<Route> openAi() {
    return List.of(
        Route.get("/v1/models", "The models, as OpenAI lists them", "OpenAiModelList")
            .roles(ADMIN, CONSUMER, EXECUTOR),
        Route.get("/v1/models/{id}", "One model, as OpenAI shows it", "OpenAiModel").roles(ADMIN, CONSUMER, EXECUTOR),
        Route.post("/v1/chat/completions", "A chat completion, whole or streamed", "ChatRequest", "ChatCompletion")
            .roles(ADMIN, CONSUMER, EXECUTOR));
  }
}
