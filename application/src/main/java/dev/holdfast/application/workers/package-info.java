/** The catalogue's use cases. */
@NullMarked
package dev.holdfast.application.workers;

import org.jspecify.annotations.NullMarked;
