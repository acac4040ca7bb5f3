/** Cancelling inputs and turns. */
@NullMarked
package dev.holdfast.domain.turns.cancels;

import org.jspecify.annotations.NullMarked;
