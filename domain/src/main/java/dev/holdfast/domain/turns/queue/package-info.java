/** Queued work of a session: commands and wakes, apart from what users submitted. */
@NullMarked
package dev.holdfast.domain.turns.queue;

import org.jspecify.annotations.NullMarked;
