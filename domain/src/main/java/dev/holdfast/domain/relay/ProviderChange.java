package dev.holdfast.domain.relay;

import dev.holdfast.domain.Change;

/** What a unit of work writes about providers. */
public sealed interface ProviderChange extends Change {
  record PublicPut(PublicProvider provider) implements ProviderChange {}

  record VirtualPut(VirtualProvider provider) implements ProviderChange {}

  record Deleted(String name) implements ProviderChange {}

  record DefaultModelPut(String name) implements ProviderChange {}

  static ProviderChange put(Provider provider) {
    return switch (provider) {
      case PublicProvider one -> new PublicPut(one);
      case VirtualProvider one -> new VirtualPut(one);
    };
  }
}
