/** Models and their providers on the command line. */
@NullMarked
package dev.holdfast.cli.relay;

import org.jspecify.annotations.NullMarked;
