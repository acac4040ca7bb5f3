package dev.holdfast.cli.relay.publishing;

import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderModels;
import dev.holdfast.domain.relay.ProviderRules;
import dev.holdfast.domain.relay.PublicProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The model servers of this machine. */
final class Servers {
  /** Where those that people run listen unless they are told otherwise. */
  private static final Map<String, String> USUAL = new LinkedHashMap<>();

  static {
    USUAL.put("Ollama", "http://127.0.0.1:11434/v1");
    USUAL.put("llama-server", "http://127.0.0.1:8080/v1");
    USUAL.put("LM Studio", "http://127.0.0.1:1234/v1");
    USUAL.put("vLLM", "http://127.0.0.1:8000/v1");
  }

  private final ProviderModels models;
  private final @Nullable String credential;

  /** @param credential where the key of the servers is found; null for none */
  Servers(ProviderModels models, @Nullable String credential) {
    this.models = models;
    this.credential = credential;
  }

  /** A key itself is no place, and isn't told again. */
  static void requirePlace(@Nullable String credential) {
    if (credential == null) {
      return;
    }
    if (!ProviderRules.isPlace(credential)) {
      throw Refusal.of(Reason.INVALID_REQUEST, "--credential takes env:NAME or file:PATH, not the key itself");
    }
    String variable = credential.startsWith("env:") ? credential.substring(4) : null;
    if (variable != null && System.getenv(variable) == null) {
      throw Refusal.of(Reason.INVALID_REQUEST, "the environment variable " + variable + " isn't set here");
    }
  }

  /** @param model the name by which its server knows it */
  record Found(String server, String url, String model) {}

  /** The address that was named, as a base address (spec R-85). */
  static String base(String url) {
    String clean = url.replaceAll("/+$", "");
    return clean.endsWith("/v1") ? clean : clean + "/v1";
  }

  /** What the server lists; empty when it lists nothing. */
  Optional<List<Found>> listed(String url) throws InterruptedException {
    return models.list(at(base(url), "unknown")) instanceof Outcome.Done<List<String>>(List<String> names)
        ? Optional.of(names.stream().map(name -> named(url, name)).toList())
        : Optional.empty();
  }

  Found named(String url, String model) {
    return new Found(base(url), base(url), model);
  }

  Refusal noList(String url) {
    return Refusal.of(Reason.PROVIDER_FAILED, "no model server lists models at " + base(url) + "/models"
        + (credential == null ? "" : " with the key at " + credential));
  }

  /** Those that answer at the usual addresses, in a fixed order. */
  List<Found> local() throws InterruptedException {
    List<Found> all = new ArrayList<>();
    for (Map.Entry<String, String> server : USUAL.entrySet()) {
      if (models.list(at(server.getValue(), "unknown")) instanceof Outcome.Done<List<String>>(List<String> names)) {
        names.forEach(name -> all.add(new Found(server.getKey(), server.getValue(), name)));
      }
    }
    return all;
  }

  /** The backend as it is called; none of it but the model's name is ever told. */
  PublicProvider at(String url, String model) {
    return PublicProvider.of(Provider.idOf(model), "publisher", Offer.of("backend", model, Offer.Visibility.PRIVATE),
        url, credential, Instant.EPOCH);
  }

  static String usual() {
    return String.join(", ", USUAL.keySet());
  }
}
