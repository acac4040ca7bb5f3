/** The program: its commands, and what all of them share. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
