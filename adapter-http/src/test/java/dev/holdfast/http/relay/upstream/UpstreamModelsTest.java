package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.relay.ProviderModels;
import dev.holdfast.domain.relay.ProviderModelsContract;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.http.relay.FakeProvider;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class UpstreamModelsTest extends ProviderModelsContract {
  private final FakeProvider fake = new FakeProvider();
  private final Upstream upstream = new Upstream(Duration.ofSeconds(5), Duration.ofSeconds(20));

  @AfterEach
  void close() {
    upstream.close();
    fake.close();
  }

  @Override
  protected ProviderModels models() {
    return new UpstreamModels(upstream);
  }

  @Override
  protected PublicProvider having(List<String> names) {
    fake.say(names);
    return fake.provider("lists");
  }

  @Override
  protected PublicProvider nowhere() {
    return FakeProvider.provider("nowhere", "http://127.0.0.1:9/v1", null);
  }
}
