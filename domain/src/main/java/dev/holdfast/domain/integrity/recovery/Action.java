package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.stores.Criticality;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * What one store needs.
 *
 * @param reason why; null only where nothing is needed
 * @param subject what in the store it is about, null for the store as a whole
 */
public record Action(ActionKind kind, String schemaName, @Nullable Reason reason, @Nullable String subject) {

  /** The subject where not the store alone is damaged, but what it lies in. */
  static final String DATABASE = "database";

  static Action none(Descriptor store) {
    return new Action(ActionKind.NONE, store.schemaName(), null, null);
  }

  static Action of(ActionKind kind, Descriptor store, @Nullable Reason reason) {
    return new Action(kind, store.schemaName(), reason, null);
  }

  static Action blocks(Descriptor store, Reason reason, @Nullable String subject) {
    return new Action(ActionKind.BLOCK_READINESS, store.schemaName(), reason, subject);
  }

  public Impact impact() {
    Criticality criticality = Descriptors.find(schemaName).map(Descriptor::criticality).orElse(null);
    return Impact.of(kind, criticality);
  }

  public Json json() {
    return Json.object("kind", kind.text(), "schema_name", schemaName, "reason", reason == null ? null : reason.code(),
        "subject", subject);
  }
}
