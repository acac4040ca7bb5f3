/** Sessions, leases, inputs, turns, attempts, commits and the durable output stream. */
@NullMarked
package dev.holdfast.domain.turns;

import org.jspecify.annotations.NullMarked;
