/** The stores that belong to a run, as rows of the database: how they are read, written and mended. */
@NullMarked
package dev.holdfast.sqlite.integrity.stores;

import org.jspecify.annotations.NullMarked;
