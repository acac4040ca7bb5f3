/** The rows of the relay: providers, publishers, tasks that are kept, and what calls used. */
@NullMarked
package dev.holdfast.sqlite.integrity.relay;

import org.jspecify.annotations.NullMarked;
