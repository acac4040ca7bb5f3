package dev.holdfast.fs.integrity.files;

import com.sun.management.OperatingSystemMXBean;
import dev.holdfast.domain.integrity.contents.CapabilitySnapshot;
import dev.holdfast.domain.integrity.contents.CapabilitySnapshot.Machine;
import dev.holdfast.domain.integrity.rebuild.CapabilityDiscovery;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The machine's size and what this version of the product writes. Engines' programs aren't looked for yet.
 *
 * @param features that are switched on
 */
public record MachineCapabilities(SortedSet<String> features) implements CapabilityDiscovery {

  @Override
  public CapabilitySnapshot discover() {
    SortedMap<String, Integer> versions = new TreeMap<>();
    for (Descriptor store : Descriptors.ALL) {
      versions.put(store.schemaName(), store.schemaVersion());
    }
    long memory = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return CapabilitySnapshot.of(features, versions, List.of(),
        new Machine(Runtime.getRuntime().availableProcessors(), memory));
  }
}
