/** The calls to providers' addresses, and the reading of what comes back. */
@NullMarked
package dev.holdfast.http.relay.upstream;

import org.jspecify.annotations.NullMarked;
