/** The runtime and its workers on the command line. */
@NullMarked
package dev.holdfast.cli.workers;

import org.jspecify.annotations.NullMarked;
