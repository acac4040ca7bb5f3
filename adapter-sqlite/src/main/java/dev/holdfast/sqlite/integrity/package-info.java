/** The store on SQLite: its file and schema, the writer that groups commits, the readers, and the rows. */
@NullMarked
package dev.holdfast.sqlite.integrity;

import org.jspecify.annotations.NullMarked;
