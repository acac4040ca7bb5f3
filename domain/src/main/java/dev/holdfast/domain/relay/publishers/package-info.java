/** Publishers: who serves virtual providers, how they register, and when nothing is heard of them any more. */
@NullMarked
package dev.holdfast.domain.relay.publishers;

import org.jspecify.annotations.NullMarked;
