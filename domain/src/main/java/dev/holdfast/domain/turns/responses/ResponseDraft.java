package dev.holdfast.domain.turns.responses;

import dev.holdfast.domain.Json;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is asked for.
 *
 * @param previous the response whose conversation it goes on with; null to begin one
 * @param content the last thing that the user says
 * @param options of the model's calls, with what is given beside (see {@link dev.holdfast.domain.turns.GivenContext})
 */
public record ResponseDraft(
    ResponseId id, String model, @Nullable String previous, String content, Json options) {}
