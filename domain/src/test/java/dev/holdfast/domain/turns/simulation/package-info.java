/** Random histories of sessions with faults, and what must hold after each step of them. */
@NullMarked
package dev.holdfast.domain.turns.simulation;

import org.jspecify.annotations.NullMarked;
