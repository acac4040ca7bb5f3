package dev.holdfast.http.relay.providers;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.http.Wire;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Models and providers as they are shown. */
public final class ProviderJson {
  private ProviderJson() {}

  static Json model(Models.Model model) {
    return Json.object("name", model.name(), "default", model.isDefault(), "size", model.members().size(),
        "active_count", model.active(), "available", model.isAvailable(), "queued", model.queued());
  }

  /** @param addresses whether the address may be seen: it is for those alone who may set it (spec access §3) */
  public static Json provider(Provider provider, boolean addresses) {
    Map<String, @Nullable Object> members = members(provider.offer());
    members.put("provider_id", provider.id());
    members.put("owner", provider.owner());
    members.put("model", provider.model());
    members.put("enabled", provider.enabled());
    members.put("created_at", Wire.at(provider.createdAt()));
    members.put("updated_at", Wire.at(provider.updatedAt()));
    switch (provider) {
      case PublicProvider one -> {
        members.put("kind", "public");
        members.put("version", one.version());
        members.put("url", addresses ? one.url() : null);
        members.put("credential_ref", addresses ? one.credential() : null);
      }
      case VirtualProvider one -> {
        members.put("kind", "virtual");
        members.put("status", one.status().text());
        members.put("publisher_id", one.publisher());
        members.put("last_heartbeat_at", Wire.at(one.heardAt()));
        members.put("inactive_since", one.inactiveSince() == null ? null : Wire.at(one.inactiveSince()));
      }
    }
    members.values().removeIf(Objects::isNull);
    return Json.of(members);
  }

  private static Map<String, @Nullable Object> members(Offer offer) {
    Map<String, @Nullable Object> members = new TreeMap<>();
    members.put("name", offer.name());
    members.put("pool", offer.pool());
    members.put("api_type", offer.apiType());
    members.put("backend_model", offer.backendModel());
    members.put("tier", offer.tier());
    members.put("description", offer.description());
    members.put("visibility", offer.visibility().text());
    members.put("max_in_flight", offer.maxInFlight());
    Duration wake = offer.wakeWithin();
    members.put("wake", wake == null ? null : Json.object("max_wait_s", wake.toSeconds()));
    members.put("artifact_digest", offer.artifactDigest());
    return members;
  }
}
