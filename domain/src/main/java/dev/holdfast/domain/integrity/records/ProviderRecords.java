package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Providers, with where their keys are found, and the default model. */
public final class ProviderRecords {
  private static final Constants<Offer.Visibility> VISIBILITIES =
      Constants.of(Offer.Visibility.class, Offer.Visibility::text);
  private static final Constants<VirtualProvider.Status> STATUSES =
      Constants.of(VirtualProvider.Status.class, VirtualProvider.Status::text);

  static final Codec<Offer> OFFER = new Codec<>(ProviderRecords::write, ProviderRecords::readOffer);

  public static final Codec<PublicProvider> PUBLIC = new Codec<>((out, provider) -> {
    out.text("id", provider.id());
    out.text("owner", provider.owner());
    out.record("offer", OFFER, provider.offer());
    out.text("url", provider.url());
    out.optionalText("credential", provider.credential());
    out.bool("enabled", provider.enabled());
    out.number("version", provider.version());
    out.time("created_at", provider.createdAt());
    out.time("updated_at", provider.updatedAt());
  }, in -> new PublicProvider(in.text("id"), in.text("owner"), in.record("offer", OFFER), in.text("url"),
      in.optionalText("credential"), in.bool("enabled"), in.count("version"), in.time("created_at"),
      in.time("updated_at")));

  public static final Codec<VirtualProvider> VIRTUAL = new Codec<>((out, provider) -> {
    out.text("id", provider.id());
    out.text("owner", provider.owner());
    out.record("offer", OFFER, provider.offer());
    out.text("publisher", provider.publisher());
    out.constant("status", STATUSES, provider.status());
    out.bool("enabled", provider.enabled());
    out.time("heard_at", provider.heardAt());
    out.optionalTime("inactive_since", provider.inactiveSince());
    out.time("created_at", provider.createdAt());
    out.time("updated_at", provider.updatedAt());
  }, in -> new VirtualProvider(in.text("id"), in.text("owner"), in.record("offer", OFFER), in.text("publisher"),
      in.constant("status", STATUSES), in.bool("enabled"), in.time("heard_at"), in.optionalTime("inactive_since"),
      in.time("created_at"), in.time("updated_at")));

  /** As providers were written before they had ids, pools and versions; read, and never written any more. */
  static final Codec<PublicProvider> FIRST_FORM = new Codec<>((_, _) -> {
    throw new IllegalArgumentException("a form that is only read");
  }, ProviderRecords::readFirst);

  /** The name of the default model, or of a provider. */
  public static final Codec<String> NAME = new Codec<>((out, name) -> out.text("name", name), in -> in.text("name"));

  private ProviderRecords() {}

  private static void write(RecordOut out, Offer offer) {
    out.text("name", offer.name());
    out.optionalText("pool", offer.pool());
    out.text("api_type", offer.apiType());
    out.text("backend_model", offer.backendModel());
    out.text("tier", offer.tier());
    out.optionalText("description", offer.description());
    out.constant("visibility", VISIBILITIES, offer.visibility());
    out.number("max_in_flight", offer.maxInFlight());
    Duration wake = offer.wakeWithin();
    out.optionalNumber("wake_ms", wake == null ? null : wake.toMillis());
    out.optionalText("artifact_digest", offer.artifactDigest());
  }

  private static Offer readOffer(RecordIn in) {
    return new Offer(in.text("name"), in.optionalText("pool"), in.text("api_type"), in.text("backend_model"),
        in.text("tier"), in.optionalText("description"), in.constant("visibility", VISIBILITIES),
        in.count("max_in_flight"), millis(in.optionalNumber("wake_ms")), in.optionalText("artifact_digest"));
  }

  private static @Nullable Duration millis(@Nullable Long value) {
    return value == null ? null : Duration.ofMillis(value);
  }

  private static PublicProvider readFirst(RecordIn in) {
    String name = in.text("name");
    String url = in.text("url");
    String backendModel = in.text("backend_model");
    String credential = in.optionalText("credential");
    Instant at = in.time("created_at");
    return PublicProvider.of(Provider.idOf(name), Key.DEFAULT_SUBJECT,
        Offer.of(name, backendModel, Offer.Visibility.SHARED), url, credential, at);
  }
}
