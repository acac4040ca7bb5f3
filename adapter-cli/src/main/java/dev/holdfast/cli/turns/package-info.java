/** Running turns from the command line, and looking at them. */
@NullMarked
package dev.holdfast.cli.turns;

import org.jspecify.annotations.NullMarked;
