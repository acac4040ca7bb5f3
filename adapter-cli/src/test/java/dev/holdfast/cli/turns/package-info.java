@NullMarked
package dev.holdfast.cli.turns;

import org.jspecify.annotations.NullMarked;
