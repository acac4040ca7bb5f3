/** Models, the providers that serve them, and the gateway through which a turn calls them. */
@NullMarked
package dev.holdfast.domain.relay;

import org.jspecify.annotations.NullMarked;
