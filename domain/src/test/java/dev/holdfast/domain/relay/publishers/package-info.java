@NullMarked
package dev.holdfast.domain.relay.publishers;

import org.jspecify.annotations.NullMarked;
