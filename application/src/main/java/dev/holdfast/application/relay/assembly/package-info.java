/** How the relay's parts are put together. */
@NullMarked
package dev.holdfast.application.relay.assembly;

import org.jspecify.annotations.NullMarked;
