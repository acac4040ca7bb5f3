/** The command line, in this process and as a process of its own. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
