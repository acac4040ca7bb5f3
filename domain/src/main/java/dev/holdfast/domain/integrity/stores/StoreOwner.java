package dev.holdfast.domain.integrity.stores;

import java.util.Locale;

/** The part of the product that a store belongs to. */
public enum StoreOwner {
  LAUNCH,
  TURNS,
  RELAY,
  SUPERVISION,
  CAPABILITY,
  INTEGRITY,
  DIAGNOSTICS;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
