/** The publisher's side of the wire: calls to the node for which it works. */
@NullMarked
package dev.holdfast.http.relay.publishing;

import org.jspecify.annotations.NullMarked;
