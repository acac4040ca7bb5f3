/** The database itself: its connections and statements, and the steps of its schema. */
@NullMarked
package dev.holdfast.sqlite.integrity.database;

import org.jspecify.annotations.NullMarked;
