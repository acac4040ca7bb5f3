/** The one feed of facts: events with dense ids, cursors and batches. */
@NullMarked
package dev.holdfast.domain.events;

import org.jspecify.annotations.NullMarked;
