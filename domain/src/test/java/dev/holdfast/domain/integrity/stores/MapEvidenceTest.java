package dev.holdfast.domain.integrity.stores;

import java.util.Map;

class MapEvidenceTest extends EvidenceContract {
  private final MapEvidence evidence = new MapEvidence();

  @Override
  protected Evidence open() {
    return evidence;
  }

  @Override
  protected Map<String, String> kept() {
    return evidence.kept();
  }
}
