package dev.holdfast.application.integrity;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.LaunchTransaction;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What all stores hold, as those know who answer for it. */
final class StoreContents {
  private final Rebuilding sources;

  StoreContents(Rebuilding sources) {
    this.sources = sources;
  }

  /** The number of the journal's last frame; Long.MAX_VALUE for a backend without one. */
  long journalEnd() {
    return sources.destinations().journalEnd();
  }

  /**
   * All stores in their order, but those that a later version wrote, which nobody else touches.
   *
   * @param found where what nobody answers for is taken over from
   * @throws StoreException store_corrupt when somebody can't answer now
   */
  SequencedMap<Descriptor, Json> contents(Identities run, LaunchTransaction launch, Survey.@Nullable Read found) {
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    Set<Descriptor> later = found == null
        ? Set.of()
        : found.looks().stream().filter(look -> look.inspected() instanceof Inspected.FutureSchema)
            .map(Survey.Look::store).collect(Collectors.toUnmodifiableSet());
    for (Descriptor store : Descriptors.ALL) {
      if (later.contains(store)) {
        continue;
      }
      contents.put(store, store.equals(Descriptors.LAUNCH_TRANSACTION) ? launch.json() : content(store, run, found));
    }
    return contents;
  }

  private Json content(Descriptor store, Identities run, Survey.@Nullable Read found) {
    return switch (store.rebuildStrategy()) {
      case NONE, REBUILD_FROM_LAUNCH_STATE, VERIFY_CANONICAL_DESTINATIONS -> sources.destinations().content(store, run)
          .orElseThrow(() -> unable(store));
      case POLL_PROVIDER -> sources.owners().poll(store).orElseThrow(() -> unable(store));
      case RERUN_CAPABILITY_DISCOVERY -> sources.capabilities().discover().json();
      case DROP_AFTER_QUARANTINE -> kept(store, found);
    };
  }

  private static StoreException unable(Descriptor store) {
    return StoreException.unusable(Reason.STORE_CORRUPT, store.schemaName() + " can't be made now");
  }

  private static Json kept(Descriptor store, Survey.@Nullable Read found) {
    Envelope envelope = found == null
        ? null
        : found.looks().stream().filter(look -> look.store().equals(store)).findFirst().orElseThrow().inspected()
            .envelope();
    return envelope != null && envelope.schemaVersion() == store.schemaVersion()
        ? envelope.data()
        : Schemas.of(store).initial();
  }
}
