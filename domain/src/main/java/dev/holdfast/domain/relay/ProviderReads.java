package dev.holdfast.domain.relay;

import java.util.List;
import java.util.Optional;

/** Providers as one consistent state shows them. */
public interface ProviderReads {
  Optional<Provider> provider(String name);

  /** By name, behind {@code after}; the empty text is before every name. */
  List<Provider> providers(String after, int limit);

  /** The name of the model that is used where nothing names one. */
  Optional<String> defaultModel();
}
