package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the content of a store file must be.
 *
 * @param version that this version of the product writes, from 1
 * @param validator reads the envelope's data; throws {@link JsonMembers.Mismatch} or {@link IllegalArgumentException} where
 *     they break a rule
 * @param initial the content of a store that has no file
 */
public record Schema(int version, Consumer<? super JsonMembers> validator, Json initial) {

  /** What in the data breaks the rules, without content; null when nothing does. */
  @Nullable
  String fault(Json data) {
    try {
      validator.accept(JsonMembers.of(data));
      return null;
    } catch (JsonMembers.Mismatch e) {
      return "data of version " + version + ": " + e.getMessage();
    } catch (IllegalArgumentException e) {
      return "the data break the rules of version " + version;
    }
  }
}
