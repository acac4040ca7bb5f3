/** What this machine tells of the processes that hold sessions. */
@NullMarked
package dev.holdfast.fs.turns;

import org.jspecify.annotations.NullMarked;
