package dev.holdfast.domain.relay;

import java.util.List;
import java.util.Optional;

/** Providers as one consistent state shows them. */
public interface ProviderReads {
  Optional<Provider> provider(String name);

  /** By name, behind {@code after}; the empty text is before every name. */
  List<Provider> providers(String after, int limit);

  /** Those that serve the model, by name: who is in the pool of that name, and the one of that name that is in none. */
  List<Provider> providersOf(String model);

  /** Those that the publisher serves, by name. */
  List<VirtualProvider> providersBy(String publisher);

  /** The name of the model that is used where nothing names one. */
  Optional<String> defaultModel();
}
