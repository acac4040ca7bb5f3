package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import java.util.function.Consumer;

/**
 * What the content of a store file must be.
 *
 * @param version that this version of the product writes, from 1
 * @param validator reads the envelope's data; throws {@link JsonMembers.Mismatch} or {@link IllegalArgumentException} where
 *     they break a rule
 * @param initial the content of a store that has no file
 */
public record Schema(int version, Consumer<? super JsonMembers> validator, Json initial) {

  /** Whether data of this version follow the rules. */
  boolean accepts(Json data) {
    try {
      validator.accept(JsonMembers.of(data));
      return true;
    } catch (JsonMembers.Mismatch | IllegalArgumentException e) {
      return false;
    }
  }
}
