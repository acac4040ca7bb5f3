package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.RunContents;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.rebuild.OutsideOwners;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Publishers, as far as the store knows them: no link is open when they are asked for, and whoever is there registers again.
 * There are no engines.
 */
public final class PublishersOutside implements OutsideOwners {
  private final Supplier<? extends Store> store;

  /** @param store is asked for only when publishers are asked for */
  public PublishersOutside(Supplier<? extends Store> store) {
    this.store = store;
  }

  @Override
  public Optional<Json> poll(Descriptor asked) {
    if (asked.rebuildStrategy() != RebuildStrategy.POLL_PROVIDER) {
      throw new IllegalArgumentException("nobody outside owns " + asked.schemaName());
    }
    if (!asked.equals(Descriptors.PROVIDER_TABLE)) {
      return Optional.of(Schemas.of(asked).initial());
    }
    try {
      return Optional.of(store.get().read(state -> RunContents.providers(state, 0)).json());
    } catch (RuntimeException e) {
      if (isOfStore(e)) {
        // The store's own damage is told by whoever opens it.
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whoever makes the store may wrap what it throws. */
  private static boolean isOfStore(RuntimeException thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException) {
        return true;
      }
    }
    return false;
  }
}
