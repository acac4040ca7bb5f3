@NullMarked
package dev.holdfast.domain.turns.machines;

import org.jspecify.annotations.NullMarked;
