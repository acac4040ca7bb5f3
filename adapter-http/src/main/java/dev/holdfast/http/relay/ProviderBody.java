package dev.holdfast.http.relay;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderRules;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A public provider as it is sent.
 *
 * @param backendModel null to take the only model that the provider has
 */
record ProviderBody(
    String name, String url, @Nullable String backendModel, @Nullable String credential, boolean allowHttp) {

  static ProviderBody read(JsonMembers members) {
    return new ProviderBody(members.text("name"), members.text("url"), members.optionalText("backend_model"),
        members.optionalText("credential_ref"), members.bool("allow_http", false));
  }

  /** The provider to ask for its models, once its address is known to be one that may be called. */
  Outcome<Provider> unnamed() {
    return ProviderRules.checkUrl(url, allowHttp)
        .map(address -> new Provider(name, address, "", credential, Instant.EPOCH));
  }
}
