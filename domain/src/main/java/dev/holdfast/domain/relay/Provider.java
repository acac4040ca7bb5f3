package dev.holdfast.domain.relay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A public provider: an OpenAI-compatible address that the node calls to serve a model.
 *
 * @param name of the provider and of the model that callers use
 * @param url the base address, without a trailing slash; {@link #SCRIPTED_URL} for the built-in one
 * @param backendModel the model's name at the provider
 * @param credential where the API key is found, as {@code env:NAME} or {@code file:PATH}; never the key itself
 */
public record Provider(
    String name, String url, String backendModel, @Nullable String credential, Instant createdAt) {

  /** The provider that is always there: it answers offline from a fixed script, and says so. */
  public static final String SCRIPTED = "scripted";

  public static final String SCRIPTED_URL = "builtin:scripted";

  public boolean isScripted() {
    return url.equals(SCRIPTED_URL);
  }
}
