package dev.holdfast.http.relay.providers;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.access.Call;
import org.jspecify.annotations.Nullable;

/** What is to change of a provider; what is null stays. */
record ProviderPatch(
    @Nullable Boolean enabled, @Nullable String url, @Nullable String credential, boolean allowHttp,
    @Nullable String backendModel, @Nullable String pool, @Nullable String tier, @Nullable String description,
    Offer.@Nullable Visibility visibility, @Nullable Integer maxInFlight) {

  private static final ProviderPatch NOTHING =
      new ProviderPatch(null, null, null, false, null, null, null, null, null, null);
  private static final ProviderPatch NOTHING_BUT_HTTP =
      new ProviderPatch(null, null, null, true, null, null, null, null, null, null);

  static ProviderPatch read(JsonMembers members) {
    return new ProviderPatch(members.optionalBool("enabled"), members.optionalText("url"),
        members.optionalText("credential_ref"), members.bool("allow_http", false),
        members.optionalText("backend_model"), members.optionalText("pool"), members.optionalText("tier"),
        members.optionalText("description"),
        members.optionalConstant("visibility", Offer.Visibility.class),
        members.optionalWhole("max_in_flight"));
  }

  boolean isOfEnabledAlone() {
    return enabled != null && url == null && credential == null && backendModel == null && pool == null && tier == null
        && description == null && visibility == null && maxInFlight == null;
  }

  boolean isEnabling() {
    return Boolean.TRUE.equals(enabled);
  }

  /** @throws RefusalException when nothing is to change, or the caller may not change it */
  ProviderPatch requireAdmin(Call call) {
    if (equals(NOTHING) || equals(NOTHING_BUT_HTTP)) {
      throw new RefusalException(Outcome.invalid("enabled"));
    }
    if (!call.isAdmin()) {
      throw new RefusalException(Reason.ROLE_NOT_ALLOWED);
    }
    return this;
  }

  PublicProvider of(PublicProvider known) {
    Offer was = known.offer();
    var offer = new Offer(was.name(), orNone(pool, was.pool()), was.apiType(), or(backendModel, was.backendModel()),
        or(tier, was.tier()), orNone(description, was.description()),
        visibility == null ? was.visibility() : visibility,
        maxInFlight == null ? was.maxInFlight() : maxInFlight, was.wakeWithin(), was.artifactDigest());
    return new PublicProvider(known.id(), known.owner(), offer, or(url, known.url()),
        orNone(credential, known.credential()), enabled == null ? known.enabled() : enabled, known.version(),
        known.createdAt(), known.updatedAt());
  }

  private static String or(@Nullable String said, String was) {
    return said == null ? was : said;
  }

  private static @Nullable String orNone(@Nullable String said, @Nullable String was) {
    return said == null ? was : said;
  }
}
