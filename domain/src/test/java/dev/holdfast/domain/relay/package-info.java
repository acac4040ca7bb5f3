@NullMarked
package dev.holdfast.domain.relay;

import org.jspecify.annotations.NullMarked;
