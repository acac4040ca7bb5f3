package dev.holdfast.http.relay.upstream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.ProviderCallsContract;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.http.relay.FakeProvider;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamCallsTest extends ProviderCallsContract {
  private final FakeProvider fake = new FakeProvider();
  private final Upstream upstream = new Upstream(Duration.ofSeconds(5), Duration.ofSeconds(20));

  @AfterEach
  void close() {
    upstream.close();
    fake.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stillborn", "empty"})
  @DisplayName("a stream that is over before its first event is a failure that another provider may do better")
  void overBeforeItBegan(String behaviour) throws InterruptedException {
    var failed = assertInstanceOf(ProviderAnswer.Failed.class,
        calls().call(fake.provider(behaviour), request(Behaviour.ANSWERS, true)));
    assertTrue(failed.transport());
    awaitNothingLeft();
  }

  @Test
  @DisplayName("R-26 a provider that shows signs of life before it answers isn't silent, and is waited for")
  void lively() throws InterruptedException {
    var impatient = new Upstream(Duration.ofSeconds(5), Duration.ofSeconds(2));
    try {
      var streamed = assertInstanceOf(ProviderAnswer.Streamed.class,
          new UpstreamCalls(impatient).call(fake.provider("lively"), request(Behaviour.ANSWERS, true)));
      streamed.stream().close();
    } finally {
      impatient.close();
    }
  }

  @Override
  protected ProviderCalls calls() {
    return new UpstreamCalls(upstream);
  }

  @Override
  protected PublicProvider provider(Behaviour behaviour) {
    return fake.provider(switch (behaviour) {
      case ANSWERS -> "answers";
      case FAILS -> "s500";
      case IS_SILENT -> "mute";
    });
  }

  @Override
  protected InferenceRequest request(Behaviour behaviour, boolean streaming) {
    return new InferenceRequest(InferenceRequest.CHAT, Json.object("model", "fake", "stream", streaming), streaming);
  }

  @Override
  protected void awaitNothingLeft() {
    await().atMost(Duration.ofSeconds(1)).until(() -> fake.answering() == 0);
  }
}
