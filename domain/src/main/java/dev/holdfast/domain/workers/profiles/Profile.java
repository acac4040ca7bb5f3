package dev.holdfast.domain.workers.profiles;

import dev.holdfast.domain.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node's configuration gives the turns of the workers that select it (spec W-13).
 *
 * @param instructions what the model is told before the transcript, at most {@link #MAX_INSTRUCTIONS} characters
 * @param model the model's name, for workers that name none themselves
 * @param options of the model's calls, an object; an input's own go first
 */
public record Profile(@Nullable String instructions, @Nullable String model, Json options) {
  public static final int MAX_INSTRUCTIONS = 256 * 1024;

  /** The runtime's default where nothing is configured. */
  public static final Profile NONE = new Profile(null, null, Json.EMPTY_OBJECT);

  public Profile {
    if (instructions != null && (instructions.isBlank() || instructions.length() > MAX_INSTRUCTIONS)) {
      throw new IllegalArgumentException("instructions");
    }
    if (model != null && model.isBlank()) {
      throw new IllegalArgumentException("model");
    }
  }

  /** The options of one call: member by member the input's where it has one, else the profile's. */
  public Json optionsUnder(@Nullable Json own) {
    if (own == null || options.equals(Json.EMPTY_OBJECT)) {
      return own == null ? options : own;
    }
    Map<String, @Nullable Object> merged = new TreeMap<>(options.members());
    merged.putAll(own.members());
    return Json.of(merged);
  }
}
