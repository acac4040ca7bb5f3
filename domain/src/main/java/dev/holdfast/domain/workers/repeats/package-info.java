/** Calls that are sent again under the same key, and do what they do once. */
@NullMarked
package dev.holdfast.domain.workers.repeats;

import org.jspecify.annotations.NullMarked;
