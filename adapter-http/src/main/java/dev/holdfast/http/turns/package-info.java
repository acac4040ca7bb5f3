/** Inputs, turns, sessions and output over HTTP. */
@NullMarked
package dev.holdfast.http.turns;

import org.jspecify.annotations.NullMarked;
