/** The feed on the command line. */
@NullMarked
package dev.holdfast.cli.events;

import org.jspecify.annotations.NullMarked;
