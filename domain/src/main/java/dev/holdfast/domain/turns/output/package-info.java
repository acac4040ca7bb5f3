/** The durable output stream of a turn. */
@NullMarked
package dev.holdfast.domain.turns.output;

import org.jspecify.annotations.NullMarked;
