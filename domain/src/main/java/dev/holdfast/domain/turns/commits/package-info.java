/** The commit of a turn and of a session command, and what it leaves behind. */
@NullMarked
package dev.holdfast.domain.turns.commits;

import org.jspecify.annotations.NullMarked;
