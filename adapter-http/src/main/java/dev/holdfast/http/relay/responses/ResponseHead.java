package dev.holdfast.http.relay.responses;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.responses.Response;
import dev.holdfast.domain.turns.responses.ResponseId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of a response never changes.
 *
 * @param model by the name that callers use
 * @param request what was asked for
 * @param holdfast what the response is to the node; null for one that isn't kept
 */
record ResponseHead(ResponseId id, Instant createdAt, String model, Json request, @Nullable Json holdfast) {

  static ResponseHead of(Response response) {
    Json request = response.request();
    String model = request.members().get("model") instanceof String name ? name : "";
    return new ResponseHead(response.id(), response.input().enqueuedAt(), model, request, Json.object(
        "worker_id", response.worker().id().value(), "input_id", response.input().id().value()));
  }

  boolean isBackground() {
    return Boolean.TRUE.equals(request.members().get("background"));
  }
}
