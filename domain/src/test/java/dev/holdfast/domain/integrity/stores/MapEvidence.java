package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Evidence in a map. */
public final class MapEvidence implements Evidence {
  private final SortedMap<String, String> kept = new TreeMap<>();

  @Override
  public String keep(String file, Reason state, byte[] bytes) {
    String name = ContentHash.of(bytes).evidenceName(file, state);
    kept.put(name, new String(bytes, StandardCharsets.UTF_8));
    return name;
  }

  /** By name, as texts. */
  public Map<String, String> kept() {
    return kept;
  }
}
