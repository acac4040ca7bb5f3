/** How many may be served at once: admission to a provider or an engine. */
@NullMarked
package dev.holdfast.domain.supervision;

import org.jspecify.annotations.NullMarked;
