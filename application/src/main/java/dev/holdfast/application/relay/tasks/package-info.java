/** Inference tasks that nobody waits for: they are kept, dispatched when a provider has a place, and followed by who wants to. */
@NullMarked
package dev.holdfast.application.relay.tasks;

import org.jspecify.annotations.NullMarked;
