package dev.holdfast.http.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ModelGatewayContract;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderAnswer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScriptedGatewayTest extends ModelGatewayContract {
  private final RelayUnderTest relay =
      new RelayUnderTest((_, _) -> new ProviderAnswer.Failed(false, Reason.PROVIDER_FAILED, "not the scripted model"));

  @Override
  protected ModelGateway gateway() {
    return relay.gateway();
  }

  @Override
  protected ModelCall call(Behaviour behaviour, List<String> pieces) {
    String text = String.join("", pieces);
    Json scripted = switch (behaviour) {
      case ANSWERS -> Json.object("text", text, "delay_ms", 0);
      case CUTS -> Json.object("text", text, "delay_ms", 0, "cut_after", 99);
      case REACHES_ITS_LIMIT -> Json.object("text", text, "delay_ms", 0, "length_after", 99);
      case IS_FILTERED -> Json.object("text", text, "delay_ms", 0, "filter_after", 99);
      case REASONS -> Json.object("text", text, "delay_ms", 0, "reasoning", "let me see");
      case DRAGS_ON -> Json.object("words", 100_000, "delay_ms", 100);
      case FAILS -> Json.object("text", text, "delay_ms", 0, "fail_after", 0);
      case IS_SILENT -> Json.object("text", text, "delay_ms", 60_000);
    };
    return relay.call(FakeProvider.provider(Provider.SCRIPTED, Provider.SCRIPTED_URL, null),
        Json.object("scripted", scripted));
  }

  @Test
  @DisplayName("a call of another provider goes to whoever calls those")
  void others() throws InterruptedException {
    ModelCall call =
        relay.call(FakeProvider.provider("other", "https://example.org/v1", null), Json.EMPTY_OBJECT);

    assertEquals(new ModelEnd.Failed(false, "not the scripted model"), gateway().call(call, (_, _) -> {
    }));
  }
}
