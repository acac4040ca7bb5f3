package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ProviderModels;
import dev.holdfast.domain.relay.PublicProvider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a provider which models it has. */
@Singleton
public final class UpstreamModels implements ProviderModels {
  private static final int MAX_ANSWER = 4 << 20;
  private static final int MAX_TOLD = 20;

  private final Upstream upstream;

  UpstreamModels(Upstream upstream) {
    this.upstream = upstream;
  }

  /**
   * The one model that the provider has. Several are refused and named, so that the caller can choose.
   *
   * @param provider its backend model is not looked at
   */
  public Outcome<String> only(PublicProvider provider) throws InterruptedException {
    Outcome<List<String>> listed = list(provider);
    if (listed instanceof Outcome.Refused<List<String>> refused) {
      return refused.as();
    }
    List<String> names = listed.orThrow();
    return names.size() == 1
        ? new Outcome.Done<>(names.getFirst())
        : Outcome.refused(Reason.SEVERAL_MODELS, "models",
            String.join(",", names.subList(0, Math.min(names.size(), MAX_TOLD))));
  }

  @Override
  public Outcome<List<String>> list(PublicProvider provider) throws InterruptedException {
    try {
      List<String> names = names(provider);
      return names.isEmpty() ? Outcome.refused(Reason.PROVIDER_FAILED) : new Outcome.Done<>(names);
    } catch (IOException | Credentials.Unreadable | JsonException e) {
      return Outcome.refused(Reason.PROVIDER_FAILED);
    }
  }

  private List<String> names(PublicProvider provider) throws IOException, InterruptedException, Credentials.Unreadable {
    try (Upstream.Answer answer = upstream.get(provider, "/models")) {
      if (!answer.isOk()) {
        return List.of();
      }
      List<String> names = new ArrayList<>();
      Object value = Json.read(new String(answer.all(MAX_ANSWER), StandardCharsets.UTF_8));
      if (value instanceof Map<?, ?> list && list.get("data") instanceof List<?> models) {
        for (Object model : models) {
          if (model instanceof Map<?, ?> members && members.get("id") instanceof String name) {
            names.add(name);
          }
        }
      }
      names.sort(null);
      return names;
    }
  }
}
