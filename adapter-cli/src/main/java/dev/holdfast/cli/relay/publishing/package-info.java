/** The program on the machine that owns a model: what it serves, under which identity, and what it shows. */
@NullMarked
package dev.holdfast.cli.relay.publishing;

import org.jspecify.annotations.NullMarked;
