package dev.holdfast.application.relay.scripted;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.ProviderCallsContract;
import dev.holdfast.domain.relay.PublicProvider;
import java.time.Instant;
import java.util.List;

class ScriptedCallsTest extends ProviderCallsContract {
  @Override
  protected ProviderCalls calls() {
    return new ScriptedCalls((_, _) -> {
      throw new AssertionError("not the scripted provider");
    }, digits -> "a".repeat(digits), () -> Instant.EPOCH);
  }

  @Override
  protected PublicProvider provider(Behaviour behaviour) {
    return PublicProvider.of(Provider.idOf(Provider.SCRIPTED), "default",
        Offer.of(Provider.SCRIPTED, Provider.SCRIPTED, Offer.Visibility.SHARED), Provider.SCRIPTED_URL, null,
        Instant.EPOCH);
  }

  @Override
  protected InferenceRequest request(Behaviour behaviour, boolean streaming) {
    Json script = switch (behaviour) {
      case ANSWERS -> Json.object("words", 5, "delay_ms", 0);
      case FAILS -> Json.object("fail_after", 0);
      case IS_SILENT -> Json.object("delay_ms", 60_000);
    };
    return new InferenceRequest(InferenceRequest.CHAT, Json.object("model", "scripted", "stream", streaming,
        "messages", List.of(Json.object("role", "user", "content", "hi")), "scripted", script), streaming);
  }
}
