package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What store.json says: which folder this is and which backend its data belong to. Written once; only its backend ever changes.
 *
 * @param id {@code dd-} and 16 lower-case hex digits
 */
record DirectoryIdentity(String id, String backend, String createdAt) {
  private static final long FORMAT = 1;
  private static final Pattern ID = Pattern.compile("dd-[0-9a-f]{16}");

  static DirectoryIdentity fresh(String backend, Instant now, Ids ids) {
    return new DirectoryIdentity("dd-" + ids.hex(16), backend, now.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  /** What the mark of a fresh folder says whose store came from elsewhere, with rows in it; else it says the backend alone. */
  static String filled(String backend) {
    return backend + " filled";
  }

  /** The same folder with the data of another backend. */
  DirectoryIdentity of(String other) {
    return new DirectoryIdentity(id, other, createdAt);
  }

  String text() {
    return Json.object("format", FORMAT, "data_dir_id", id, "backend", backend, "created_at", createdAt).text() + "\n";
  }

  /**
   * @return empty when the folder has no store.json
   * @throws StoreException future_schema, store_corrupt
   */
  static Optional<DirectoryIdentity> read(Layout layout) throws IOException {
    Optional<String> text = DurableFiles.read(layout.identity());
    return text.isEmpty() ? Optional.empty() : Optional.of(parse(layout, text.get()));
  }

  private static DirectoryIdentity parse(Layout layout, String text) {
    Map<String, @Nullable Object> members;
    try {
      members = Json.parse(text).members();
    } catch (JsonException e) {
      throw StoreException.unusable(Reason.STORE_CORRUPT, layout.identity() + " is not JSON", e);
    }
    // The format is judged before anything else: only it says what the other members mean.
    if (members.get("format") instanceof Long format && format > FORMAT) {
      throw StoreException.unusable(Reason.FUTURE_SCHEMA,
          layout.identity() + " has format " + format + ", this version knows up to " + FORMAT
              + "; use the newer version that wrote it");
    }
    if (members.get("format") instanceof Long format && format == FORMAT
        && members.get("data_dir_id") instanceof String id && ID.matcher(id).matches()
        && members.get("backend") instanceof String backend
        && members.get("created_at") instanceof String createdAt) {
      return new DirectoryIdentity(id, backend, createdAt);
    }
    throw StoreException.unusable(Reason.STORE_CORRUPT,
        layout.identity() + " does not hold format, data_dir_id, backend and created_at; restore it from a backup");
  }

  /** @throws StoreException schema_mismatch when the data belong to another backend (spec A-60) */
  void requireBackend(Layout layout, String wanted) {
    if (!backend.equals(wanted)) {
      throw StoreException.unusable(Reason.SCHEMA_MISMATCH, layout.root() + " holds a store of the backend " + backend
          + ", not " + wanted + "; start with --store " + backend + ", or name another folder with --data");
    }
  }
}
