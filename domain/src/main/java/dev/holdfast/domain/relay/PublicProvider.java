package dev.holdfast.domain.relay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A provider with an OpenAI-compatible address that the node calls. Only an admin makes and changes one (spec R-5).
 *
 * @param url the base address, without a trailing slash; {@link Provider#SCRIPTED_URL} for the built-in one
 * @param credential where the API key is found, as {@code env:NAME} or {@code file:PATH}; never the key itself
 * @param version from 1, grows with every change
 */
public record PublicProvider(
    String id, String owner, Offer offer, String url, @Nullable String credential, boolean enabled, int version,
    Instant createdAt, Instant updatedAt) implements Provider {

  /** The first version of a provider that is enabled. */
  public static PublicProvider of(
      String id, String owner, Offer offer, String url, @Nullable String credential, Instant now) {
    return new PublicProvider(id, owner, offer, url, credential, true, 1, now, now);
  }
}
