package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.integrity.contents.CapabilitySnapshot;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import java.util.Map;
import java.util.Optional;

/** Owners who know what they are told to know; each of them can be made unable to answer. */
public final class KnownSources implements CanonicalDestinations, OutsideOwners, CapabilityDiscovery {
  private final Map<Descriptor, Json> contents;
  private boolean able = true;
  private int backups;

  public KnownSources(Map<Descriptor, Json> contents) {
    this.contents = contents;
  }

  public Rebuilding rebuilding() {
    return new Rebuilding(this, this, this, this::backUp);
  }

  /** From now on nobody can answer, and no backup be made. */
  public void fallSilent() {
    able = false;
  }

  public int backups() {
    return backups;
  }

  @Override
  public Optional<Json> content(Descriptor store, Identities run) {
    if (store.rebuildStrategy() != RebuildStrategy.VERIFY_CANONICAL_DESTINATIONS
        && !Descriptors.LAUNCH_STATE.owner().equals(store.owner())) {
      throw new IllegalArgumentException("not derived: " + store.schemaName());
    }
    return able ? Optional.ofNullable(contents.get(store)) : Optional.empty();
  }

  @Override
  public long journalEnd() {
    return HealthyContents.JOURNAL_END;
  }

  @Override
  public Optional<Json> poll(Descriptor store) {
    if (store.rebuildStrategy() != RebuildStrategy.POLL_PROVIDER) {
      throw new IllegalArgumentException("nobody outside owns " + store.schemaName());
    }
    return able ? Optional.ofNullable(contents.get(store)) : Optional.empty();
  }

  @Override
  public CapabilitySnapshot discover() {
    Json snapshot = contents.get(Descriptors.CAPABILITY_SNAPSHOT);
    return CapabilitySnapshot.read(JsonMembers.of(snapshot == null ? Json.EMPTY_OBJECT : snapshot));
  }

  private boolean backUp() {
    backups += able ? 1 : 0;
    return able;
  }
}
