package dev.holdfast.domain.relay;

import dev.holdfast.domain.Change;

/** What a unit of work writes about providers. */
public sealed interface ProviderChange extends Change {
  record Put(Provider provider) implements ProviderChange {}

  record Deleted(String name) implements ProviderChange {}

  record DefaultModelPut(String name) implements ProviderChange {}
}
