/** What the relay remembers of providers from call to call, and how long its own calls of them may take. */
@NullMarked
package dev.holdfast.application.relay.providers;

import org.jspecify.annotations.NullMarked;
