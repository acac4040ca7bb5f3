@NullMarked
package dev.holdfast.http.turns;

import org.jspecify.annotations.NullMarked;
