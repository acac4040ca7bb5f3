/** The marks of what was pruned, and the removal of its rows. */
@NullMarked
package dev.holdfast.sqlite.integrity.pruning;

import org.jspecify.annotations.NullMarked;
