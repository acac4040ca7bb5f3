/** A node as the publisher sees it that serves models over its own link. */
@NullMarked
package dev.holdfast.domain.relay.publishing;

import org.jspecify.annotations.NullMarked;
