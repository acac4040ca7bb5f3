package dev.holdfast.http.relay.tasks;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.tasks.KeptTasks;
import dev.holdfast.http.relay.FaceRequest;
import java.util.Map;

/** A task as it is asked for. */
final class TaskBody {
  /** What a task may ask for, by its name. */
  private static final Map<String, String> PATHS = Map.of("chat", InferenceRequest.CHAT, "completion", "/completions",
      "embedding", "/embeddings");

  private TaskBody() {}

  static KeptTasks.Draft read(JsonMembers members) {
    String model = members.text("model");
    FaceRequest.known(model);
    Json request = members.optionalJsonObject("request");
    if (request == null) {
      throw members.missing("request", "an object");
    }
    String kind = members.optionalText("kind");
    String path = PATHS.get(kind == null ? "chat" : kind);
    boolean streaming = members.bool("streaming", false);
    if (path == null || (streaming && path.equals("/embeddings"))) {
      throw members.wrong(path == null ? "kind" : "streaming",
          path == null ? "one of chat, completion, embedding" : "false, as embeddings have no streams");
    }
    return new KeptTasks.Draft(model, path, request, streaming);
  }

  static String kind(String path) {
    return PATHS.entrySet().stream().filter(entry -> entry.getValue().equals(path)).map(Map.Entry::getKey).findFirst()
        .orElse("chat");
  }
}
