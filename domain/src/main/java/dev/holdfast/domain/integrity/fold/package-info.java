/**
 * The fold over units of work: the state that they lead to, and the store that forgets it. Stores that keep the units themselves
 * are the same fold with their history elsewhere.
 */
@NullMarked
package dev.holdfast.domain.integrity.fold;

import org.jspecify.annotations.NullMarked;
