package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.integrity.rebuild.CapabilityDiscovery;
import dev.holdfast.domain.integrity.rebuild.CapabilityDiscoveryContract;
import java.util.List;
import java.util.TreeSet;

class MachineCapabilitiesTest extends CapabilityDiscoveryContract {
  @Override
  protected CapabilityDiscovery open() {
    return new MachineCapabilities(new TreeSet<>(List.of("scripted")));
  }
}
