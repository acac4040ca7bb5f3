/** What of a worker was pruned. */
@NullMarked
package dev.holdfast.domain.workers.retention;

import org.jspecify.annotations.NullMarked;
