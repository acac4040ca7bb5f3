package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.integrity.contents.HealthyContents;

class KnownOutsideOwnersTest extends OutsideOwnersContract {
  @Override
  protected OutsideOwners open() {
    return new KnownSources(HealthyContents.of(HealthyContents.identities(1)));
  }
}
