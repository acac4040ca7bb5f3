/** Responses as OpenAI's clients know them: durable turns of workers, and their answers as events (spec relay §7). */
@NullMarked
package dev.holdfast.domain.turns.responses;

import org.jspecify.annotations.NullMarked;
