package dev.holdfast.http.relay.providers;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.ProviderRules;
import dev.holdfast.domain.relay.PublicProvider;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A public provider as it is sent.
 *
 * @param offer without its backend model where the provider has only one, which is taken then
 */
record ProviderBody(Offer offer, String url, @Nullable String credential, boolean allowHttp) {

  static ProviderBody read(JsonMembers members) {
    String backendModel = members.optionalText("backend_model");
    return new ProviderBody(OfferBody.read(members, backendModel == null ? "" : backendModel, Offer.Visibility.SHARED),
        members.text("url"), members.optionalText("credential_ref"), members.bool("allow_http", false));
  }

  /** The provider to ask for its models, once its address is known to be one that may be called. */
  Outcome<PublicProvider> unnamed() {
    return ProviderRules.checkUrl(url, allowHttp)
        .map(address -> PublicProvider.of("", "", offer, address, credential, Instant.EPOCH));
  }

  Models.Wanted wanted(String backendModel, String owner) {
    var named = new Offer(offer.name(), offer.pool(), offer.apiType(), backendModel, offer.tier(), offer.description(),
        offer.visibility(), offer.maxInFlight(), offer.wakeWithin(), offer.artifactDigest());
    return new Models.Wanted(named, url, credential, allowHttp, owner);
  }
}
