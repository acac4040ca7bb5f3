@NullMarked
package dev.holdfast.domain.turns.responses;

import org.jspecify.annotations.NullMarked;
