@NullMarked
package dev.holdfast.domain.turns.scenarios;

import org.jspecify.annotations.NullMarked;
