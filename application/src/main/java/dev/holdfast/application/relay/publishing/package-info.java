/** The work of a publisher: its link to the node, and the attempts that come over it. */
@NullMarked
package dev.holdfast.application.relay.publishing;

import org.jspecify.annotations.NullMarked;
