package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.integrity.rebuild.CapabilityDiscovery;
import dev.holdfast.domain.integrity.rebuild.OutsideOwners;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.TreeSet;

/** Gives a node those whom its stores' contents are asked of, beside its journal or database. */
@Factory
class OwnersFactory {
  private static final List<String> FEATURES = List.of("builtin_executor", "openai_relay", "scripted_model");

  @Singleton
  CapabilityDiscovery capabilities() {
    return new MachineCapabilities(new TreeSet<>(FEATURES));
  }

  @Singleton
  OutsideOwners owners() {
    return new NobodyOutside();
  }
}
