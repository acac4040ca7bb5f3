package dev.holdfast.domain.access;

import java.util.Locale;
import java.util.Optional;

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

  /** @return empty when there is no such role */
  public static Optional<Role> of(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** Whether a key of this role reads content where nothing else is said (spec A-20). */
  public boolean readsContent() {
    return switch (this) {
      case ADMIN, CONSUMER, EXECUTOR -> true;
      case OPERATOR, OBSERVER, PUBLISHER -> false;
    };
  }
}
