/** What the relay remembers of providers from call to call. */
@NullMarked
package dev.holdfast.application.relay.providers;

import org.jspecify.annotations.NullMarked;
