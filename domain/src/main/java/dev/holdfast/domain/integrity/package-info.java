/** The store: units of work, its state, its memory implementation, and the data directory. */
@NullMarked
package dev.holdfast.domain.integrity;

import org.jspecify.annotations.NullMarked;
