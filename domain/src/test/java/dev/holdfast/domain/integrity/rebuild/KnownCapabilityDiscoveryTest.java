package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.integrity.contents.HealthyContents;

class KnownCapabilityDiscoveryTest extends CapabilityDiscoveryContract {
  @Override
  protected CapabilityDiscovery open() {
    return new KnownSources(HealthyContents.of(HealthyContents.identities(1)));
  }
}
