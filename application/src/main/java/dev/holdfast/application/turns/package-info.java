/** Inputs, turns and their output; the built-in executor. */
@NullMarked
package dev.holdfast.application.turns;

import org.jspecify.annotations.NullMarked;
