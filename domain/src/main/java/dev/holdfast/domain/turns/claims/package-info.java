/** What there is to do for the holder of a session, and its claims on it. */
@NullMarked
package dev.holdfast.domain.turns.claims;

import org.jspecify.annotations.NullMarked;
