/** External executors end to end: the examples of the documentation as processes, against a daemon that dies at random. */
@NullMarked
package dev.holdfast.cli.turns.executors;

import org.jspecify.annotations.NullMarked;
