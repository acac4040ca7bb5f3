package dev.holdfast.http.workers;

import dev.holdfast.application.workers.RuntimeCatalogue;
import dev.holdfast.domain.RuntimeId;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The runtime's id, which never changes and stands in nearly every answer. */
@Singleton
public final class RuntimeName {
  private final RuntimeCatalogue catalogue;
  private volatile @Nullable RuntimeId known;

  RuntimeName(RuntimeCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** To be asked once the runtime is open, as it is behind the gate. */
  public RuntimeId get() {
    RuntimeId id = known;
    if (id == null) {
      id = catalogue.summary().runtime().id();
      known = id;
    }
    return id;
  }
}
