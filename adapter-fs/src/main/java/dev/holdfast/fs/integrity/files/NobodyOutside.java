package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.rebuild.OutsideOwners;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import java.util.Optional;

/** A node without publishers and engines: all that there is to know of them is that there are none. */
public final class NobodyOutside implements OutsideOwners {

  @Override
  public Optional<Json> poll(Descriptor store) {
    if (store.rebuildStrategy() != RebuildStrategy.POLL_PROVIDER) {
      throw new IllegalArgumentException("nobody outside owns " + store.schemaName());
    }
    return Optional.of(Schemas.of(store).initial());
  }
}
