package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.http.RefusalException;
import java.util.Map;

/** A call as it is asked for. Only what the node needs is looked at; the rest is the provider's business. */
public record FaceRequest(String model, InferenceRequest request) {

  /**
   * @param streams whether the face has streams at all
   * @throws RefusalException when the body is no such request
   */
  static FaceRequest read(String path, boolean streams, Json body) {
    if (!(body.value() instanceof Map<?, ?> members) || !(members.get("model") instanceof String model)) {
      throw new RefusalException(Outcome.invalid("model"));
    }
    known(model);
    Object stream = members.get("stream");
    if (stream != null && !(stream instanceof Boolean && (streams || stream.equals(false)))) {
      throw new RefusalException(Outcome.invalid("stream"));
    }
    return new FaceRequest(model, new InferenceRequest(path, body, Boolean.TRUE.equals(stream)));
  }

  /**
   * What can't be a model's name is none, and is kept nowhere, whatever its length.
   *
   * @throws RefusalException with model_not_found
   */
  public static void known(String model) {
    if (!Offer.isName(model)) {
      throw new RefusalException(Reason.MODEL_NOT_FOUND);
    }
  }
}
