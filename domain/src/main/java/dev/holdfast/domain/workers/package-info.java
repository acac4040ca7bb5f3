/** The catalogue of a data directory: runtime, workers, transcript, diagnostics, limits. */
@NullMarked
package dev.holdfast.domain.workers;

import org.jspecify.annotations.NullMarked;
