package dev.holdfast.http.relay.publishing;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a publisher sends, as the node reads it (spec relay §13). */
final class PostJson {
  private PostJson() {}

  static Json entry(Registration.Entry entry) {
    Offer offer = entry.offer();
    Duration wake = offer.wakeWithin();
    return Json.object("name", offer.name(), "pool", offer.pool(), "api_type", offer.apiType(), "backend_model",
        offer.backendModel(), "tier", offer.tier(), "description", offer.description(), "visibility",
        offer.visibility().text(), "max_in_flight", offer.maxInFlight(), "wake",
        wake == null ? null : Json.object("max_wait_s", wake.toSeconds()), "artifact_digest", offer.artifactDigest(),
        "initial_status", entry.initial().text());
  }

  /** Behind the task's own path. */
  static String route(AttemptPost.Content content) {
    return switch (content) {
      case AttemptPost.Received _,AttemptPost.Cancelled _,AttemptPost.Woken _ -> "/ack";
      case AttemptPost.Chunks _,AttemptPost.Result _,AttemptPost.Failure _ -> "/result";
    };
  }

  static Json post(AttemptPost post) {
    int epoch = post.of().epoch();
    return switch (post.content()) {
      case AttemptPost.Received _ -> Json.object("epoch", epoch, "kind", "received");
      case AttemptPost.Cancelled _ -> Json.object("epoch", epoch, "kind", "cancelled");
      case AttemptPost.Woken(Duration took) -> Json.object("epoch", epoch, "kind", "woken", "ms", took.toMillis());
      case AttemptPost.Chunks(var chunks) ->
        Json.object("epoch", epoch, "chunks", chunks.stream().map(PostJson::chunk).toList());
      case AttemptPost.Result(ProviderAnswer.Whole whole) -> Json.object("epoch", epoch, "result", result(whole));
      case AttemptPost.Failure(String reason, String note) ->
        Json.object("epoch", epoch, "error", Json.object("reason", reason, "note", note));
    };
  }

  static Json chunk(AttemptPost.Chunk chunk) {
    return Json.object("seq", chunk.seq(), "data", chunk.data(), "done", chunk.done() ? true : null);
  }

  private static Json result(ProviderAnswer.Whole whole) {
    Object body = object(whole.body());
    return Json.object("status", whole.status(), "body", body, "text", body == null ? whole.body() : null);
  }

  private static @Nullable Object object(String text) {
    try {
      return Json.read(text) instanceof Map<?, ?> members ? members : null;
    } catch (JsonException e) {
      // A backend may answer with whatever it likes.
      return null;
    }
  }
}
