package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.relay.Provider;

/** Public providers, with where their keys are found, and the default model. */
public final class ProviderRecords {
  public static final Codec<Provider> PROVIDER = new Codec<>((out, provider) -> {
    out.text("name", provider.name());
    out.text("url", provider.url());
    out.text("backend_model", provider.backendModel());
    out.optionalText("credential", provider.credential());
    out.time("created_at", provider.createdAt());
  }, in -> new Provider(in.text("name"), in.text("url"), in.text("backend_model"), in.optionalText("credential"),
      in.time("created_at")));

  /** The name of the default model, or of a provider. */
  public static final Codec<String> NAME = new Codec<>((out, name) -> out.text("name", name), in -> in.text("name"));

  private ProviderRecords() {}
}
