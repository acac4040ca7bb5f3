package dev.holdfast.domain.access;

import java.util.Locale;

/** What a key may do; the table is in spec access §3. */
public enum Role {
  ADMIN,
  OPERATOR,
  PUBLISHER,
  CONSUMER,
  EXECUTOR,
  OBSERVER;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
