package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.integrity.contents.HealthyContents;

class KnownCanonicalDestinationsTest extends CanonicalDestinationsContract {
  @Override
  protected CanonicalDestinations open() {
    return new KnownSources(HealthyContents.of(HealthyContents.identities(1)));
  }
}
