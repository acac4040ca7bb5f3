@NullMarked
package dev.holdfast.application.turns;

import org.jspecify.annotations.NullMarked;
