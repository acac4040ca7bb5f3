package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.access.StoppedNode;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.util.List;
import java.util.Map;

/** The backends that keep what they are given. */
final class Backends {
  static final String SQLITE = "sqlite";
  static final String FILESYSTEM = "filesystem";

  private Backends() {}

  static String other(String backend) {
    return switch (backend) {
      case SQLITE -> FILESYSTEM;
      case FILESYSTEM -> SQLITE;
      default -> throw Refusal.of(Reason.INVALID_REQUEST, "a store is copied to sqlite or filesystem, not " + backend);
    };
  }

  /** The node of a data directory, whichever backend's it is. */
  static Node ofDirectory(Settings settings) {
    return ofDirectory(settings, Map.of());
  }

  /** @param more properties of the node's configuration */
  static Node ofDirectory(Settings settings, Map<String, Object> more) {
    StoreException mismatch = null;
    for (String backend : List.of(SQLITE, FILESYSTEM)) {
      try {
        return StoppedNode.open(settings, backend, more);
      } catch (StoreException e) {
        if (e.reason() != Reason.SCHEMA_MISMATCH) {
          throw e;
        }
        mismatch = e;
      }
    }
    throw mismatch;
  }

  static Refusal keepsNothing(String backend) {
    return Refusal.of(Reason.INVALID_REQUEST, "the backend " + backend + " keeps nothing");
  }
}
