package dev.holdfast.domain.relay;

import dev.holdfast.domain.Digests;
import java.time.Instant;
import java.util.regex.Pattern;

/** Who serves a model. Its name is unique among all providers; in a pool it serves the pool's model together with others. */
public sealed interface Provider permits PublicProvider, VirtualProvider {

  /** The provider that is always there: it answers offline from a fixed script, and says so. */
  String SCRIPTED = "scripted";

  String SCRIPTED_URL = "builtin:scripted";

  /** {@code prv-} and 16 lower-case hex digits. */
  Pattern ID = Pattern.compile("prv-[0-9a-f]{16}");

  String id();

  /** The subject in whose name it was added. */
  String owner();

  Offer offer();

  /** Whether it may be chosen at all. */
  boolean enabled();

  Instant createdAt();

  Instant updatedAt();

  default String name() {
    return offer().name();
  }

  /** The name that callers use: its pool's, or its own where it is in none. */
  default String model() {
    return offer().pool() == null ? offer().name() : offer().pool();
  }

  default boolean isScripted() {
    return this instanceof PublicProvider known && known.url().equals(SCRIPTED_URL);
  }

  /** @param digits 16 lower-case hex digits that no other provider was made with */
  static String idFrom(String digits) {
    return "prv-" + digits;
  }

  /** The id of a provider that was kept before providers had ids: always the same for a name. */
  static String idOf(String name) {
    return idFrom(Digests.sha256Hex("provider\n" + name).substring(0, 16));
  }
}
