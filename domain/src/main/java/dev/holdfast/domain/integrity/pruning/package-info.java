/** What retention takes out of a store: prefixes of its history, of which nothing that is open or waits depends (spec I-90). */
@NullMarked
package dev.holdfast.domain.integrity.pruning;

import org.jspecify.annotations.NullMarked;
