/** Models and the providers that serve them, over HTTP. */
@NullMarked
package dev.holdfast.http.relay.providers;

import org.jspecify.annotations.NullMarked;
