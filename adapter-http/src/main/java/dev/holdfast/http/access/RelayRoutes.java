package dev.holdfast.http.access;

import static dev.holdfast.domain.access.Role.ADMIN;
import static dev.holdfast.domain.access.Role.CONSUMER;
import static dev.holdfast.domain.access.Role.EXECUTOR;
import static dev.holdfast.domain.access.Role.OBSERVER;
import static dev.holdfast.domain.access.Role.OPERATOR;
import static dev.holdfast.domain.access.Role.PUBLISHER;
import static dev.holdfast.http.access.Route.Trait.CONTENT;
import static dev.holdfast.http.access.Route.Trait.FINISHES_WORK;
import static dev.holdfast.http.access.Route.Trait.INFERENCE;
import static dev.holdfast.http.access.Route.Trait.LINES;
import static dev.holdfast.http.access.Route.Trait.UNCOUNTED;
import static dev.holdfast.http.access.Route.Trait.UNRECORDED;

import java.util.List;
import java.util.stream.Stream;

/** The routes of models, of those who serve them, and of those who call them. */
final class RelayRoutes {
  private static final String RESPONSE = "/v1/responses/{response_id}";
  private static final String PROVIDER = "/api/v1/providers/{name}";
  private static final String PUBLISHING = "/api/v1/publishers/{id}";
  private static final String TASK = "/api/v1/inference-tasks/{id}";

  private RelayRoutes() {}

  static List<Route> all() {
    return Stream.of(models(), publishers(), tasks(), openAi(), responses()).flatMap(List::stream).toList();
  }

  private static List<Route> models() {
    return List.of(
        Route.get("model.list", "/api/v1/models", "The models that callers can name", "ModelList")
            .roles(ADMIN, OPERATOR, OBSERVER, CONSUMER, EXECUTOR, PUBLISHER),
        Route.put("model.set_default", "/api/v1/models/default", "Set the model that is used where nothing names one",
            "DefaultModel", "Model").roles(ADMIN),
        Route.get("model.show", "/api/v1/models/{name}", "One model", "Model")
            .roles(ADMIN, OPERATOR, OBSERVER, CONSUMER, EXECUTOR, PUBLISHER),
        Route.get("model.providers", "/api/v1/models/{name}/providers", "Who serves a model", "ProviderList")
            .roles(ADMIN, OPERATOR, OBSERVER, CONSUMER, EXECUTOR, PUBLISHER),
        Route.get("provider.list", "/api/v1/providers", "The providers", "ProviderList").roles(ADMIN, OPERATOR,
            OBSERVER),
        Route.post("provider.add", "/api/v1/providers", "Add a public provider", "AddProvider", "Provider")
            .roles(ADMIN),
        Route.patch("provider.change", PROVIDER, "Change a public provider, or say whether one may be chosen",
            "ChangeProvider", "Provider").roles(ADMIN, OPERATOR),
        Route.post("provider.set", PROVIDER, "The same, for clients that have no PATCH", "ChangeProvider", "Provider")
            .roles(ADMIN, OPERATOR),
        Route.post("provider.transfer", PROVIDER + "/transfer", "Give a virtual provider to another subject",
            "TransferProvider", "Provider").roles(ADMIN),
        Route.delete("provider.remove", PROVIDER, "Remove a provider", "Provider").roles(ADMIN, PUBLISHER));
  }

  private static List<Route> publishers() {
    return List.of(
        Route.post("publisher.register", "/api/v1/publishers/register", "Register a publisher with its providers",
            "RegisterPublisher", "PublisherRegistered").roles(PUBLISHER, ADMIN),
        Route.stream("publisher.link", "/api/v1/publishers/link", "The link over which the node gives tasks",
            "LinkFrames").roles(PUBLISHER, ADMIN),
        Route.act("publisher.heartbeat", "/api/v1/publishers/heartbeat", "Say that the providers are there",
            "Heartbeat", "ProvidersHeard").roles(PUBLISHER, ADMIN).with(UNCOUNTED, UNRECORDED),
        Route.post("task.ack", "/api/v1/publishers/tasks/{id}/ack", "Confirm what the node said of an attempt",
            "TaskAck", "Empty").roles(PUBLISHER, ADMIN).with(FINISHES_WORK, UNCOUNTED, UNRECORDED, INFERENCE),
        Route.post("task.chunks", "/api/v1/publishers/tasks/{id}/chunks", "Send chunks of an attempt while they come",
            "TaskChunk", "Empty").roles(PUBLISHER, ADMIN)
            .with(FINISHES_WORK, UNCOUNTED, UNRECORDED, INFERENCE, LINES).query("epoch"),
        Route.post("task.result", "/api/v1/publishers/tasks/{id}/result", "Give what came of an attempt", "TaskPost",
            "Empty").roles(PUBLISHER, ADMIN).with(FINISHES_WORK, UNCOUNTED, UNRECORDED, INFERENCE));
  }

  private static List<Route> tasks() {
    return List.of(
        Route.get("publisher.list", "/api/v1/publishers", "The publishers; a publisher's key sees its owner's",
            "PublisherList").roles(ADMIN, OPERATOR, PUBLISHER),
        Route.get("publisher.show", PUBLISHING, "One publisher, and how it is doing", "Publisher").roles(ADMIN,
            OPERATOR, PUBLISHER),
        Route.act("publisher.rotate", PUBLISHING + "/rotate", "Give a publisher a new secret, told this once", "Note",
            "PublisherSecret").roles(ADMIN, PUBLISHER),
        Route.delete("publisher.remove", PUBLISHING, "Remove a publisher with its providers", "PublisherRemoved")
            .roles(ADMIN, OPERATOR, PUBLISHER),
        Route.post("inference.submit", "/api/v1/inference-tasks", "Ask a model for something that is fetched later",
            "SubmitTask", "InferenceTask").roles(ADMIN, CONSUMER, EXECUTOR),
        Route.get("inference.list", "/api/v1/inference-tasks", "The own tasks; an admin's are all",
            "InferenceTaskList").roles(ADMIN, CONSUMER, EXECUTOR).query("state", "after", "limit"),
        Route.get("inference.show", TASK, "One task, with its result", "InferenceTask").roles(ADMIN, CONSUMER,
            EXECUTOR),
        Route.delete("inference.cancel", TASK, "Cancel a task, or tell how far its cancel has come", "InferenceTask")
            .roles(ADMIN, CONSUMER, EXECUTOR).with(FINISHES_WORK),
        Route.stream("inference.follow", TASK + "/stream", "A task's answer as it comes", "event-stream")
            .roles(ADMIN, CONSUMER, EXECUTOR),
        Route.get("usage.sum", "/api/v1/usage", "What calls used; whoever doesn't look after the node sees its key's",
            "Usage").roles(ADMIN, Routes.ANY_OTHER).query("from", "to", "group_by"));
  }

  private static List<Route> openAi() {
    return List.of(
        Route.get("openai_model.list", "/v1/models", "The models, as OpenAI lists them", "OpenAiModelList")
            .roles(ADMIN, CONSUMER, EXECUTOR),
        Route.get("openai_model.show", "/v1/models/{id}", "One model, as OpenAI shows it", "OpenAiModel").roles(ADMIN,
            CONSUMER, EXECUTOR),
        Route
            .post("chat.complete", "/v1/chat/completions", "A chat completion, whole or streamed", "ChatRequest",
                "ChatCompletion")
            .roles(ADMIN, CONSUMER, EXECUTOR).with(INFERENCE, UNRECORDED),
        Route.post("text.complete", "/v1/completions", "A completion of a text, whole or streamed",
            "CompletionRequest", "Completion").roles(ADMIN, CONSUMER, EXECUTOR).with(INFERENCE, UNRECORDED),
        Route.post("text.embed", "/v1/embeddings", "Embeddings of texts", "EmbeddingRequest", "Embeddings")
            .roles(ADMIN, CONSUMER, EXECUTOR).with(INFERENCE, UNRECORDED));
  }

  /** What a response put out is content; making one is not the reading of what another call left. */
  private static List<Route> responses() {
    return List.of(
        Route.post("response.create", "/v1/responses", "A response, whole, streamed or in the background",
            "ResponseRequest", "Response").roles(ADMIN, CONSUMER, EXECUTOR).with(INFERENCE, UNRECORDED),
        Route.get("response.show", RESPONSE, "A response that is kept, as it stands or as the stream of its events",
            "Response").roles(ADMIN, CONSUMER, EXECUTOR).with(CONTENT)
            .query("stream", "starting_after", "include", "include_obfuscation"),
        Route.get("response.inputs", RESPONSE + "/input_items", "What a response was asked with", "ResponseInputs")
            .roles(ADMIN, CONSUMER, EXECUTOR).with(CONTENT).query("include", "order"),
        Route.act("response.cancel", RESPONSE + "/cancel", "Cancel a response", "Empty", "Response")
            .roles(ADMIN, CONSUMER, EXECUTOR).with(CONTENT, FINISHES_WORK),
        Route.delete("response.remove", RESPONSE, "Delete a response", "ResponseDeleted")
            .roles(ADMIN, CONSUMER, EXECUTOR));
  }
}
