@NullMarked
package dev.holdfast.domain.relay.publishing;

import org.jspecify.annotations.NullMarked;
