/** Units of work, the node's state, starting up and shutting down. */
@NullMarked
package dev.holdfast.application.integrity;

import org.jspecify.annotations.NullMarked;
