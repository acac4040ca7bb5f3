/** A turn drawn as a person reads it: what happened when, and when nobody was there. */
@NullMarked
package dev.holdfast.cli.turns.timeline;

import org.jspecify.annotations.NullMarked;
