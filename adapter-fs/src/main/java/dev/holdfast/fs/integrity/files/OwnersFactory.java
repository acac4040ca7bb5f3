package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.rebuild.CapabilityDiscovery;
import dev.holdfast.domain.integrity.rebuild.OutsideOwners;
import dev.holdfast.domain.integrity.stores.Evidence;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.disk.LocalDisk;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
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
  OutsideOwners owners(BeanProvider<Store> store) {
    return new PublishersOutside(store::get);
  }

  @Singleton
  Evidence evidence(DataDirectory directory) {
    try {
      return new FolderEvidence(new Quarantine(new LocalDisk(Path.of(directory.location())).folder("quarantine")));
    } catch (IOException e) {
      throw DiskFailure.of("the quarantine could not be made", e);
    }
  }
}
