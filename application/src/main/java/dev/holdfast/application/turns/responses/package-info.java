/** Responses of OpenAI's API as turns of workers. */
@NullMarked
package dev.holdfast.application.turns.responses;

import org.jspecify.annotations.NullMarked;
