/** The composition root: which use cases there are, what they are made of, and a node made of them. */
@NullMarked
package dev.holdfast.cli.wiring;

import org.jspecify.annotations.NullMarked;
