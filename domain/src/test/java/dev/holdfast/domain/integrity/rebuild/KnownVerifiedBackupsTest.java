package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.integrity.contents.HealthyContents;

class KnownVerifiedBackupsTest extends VerifiedBackupsContract {
  @Override
  protected VerifiedBackups open() {
    return new KnownSources(HealthyContents.of(HealthyContents.identities(1)));
  }
}
