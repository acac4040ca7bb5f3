/** Inference tasks that nobody waits for, and what calls used, over HTTP. */
@NullMarked
package dev.holdfast.http.relay.tasks;

import org.jspecify.annotations.NullMarked;
