/** The commands that look at, move and mend a store. */
@NullMarked
package dev.holdfast.cli.integrity.store;

import org.jspecify.annotations.NullMarked;
