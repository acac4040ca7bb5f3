/** The store on plain files: the fold over the journal's units of work. */
@NullMarked
package dev.holdfast.fs.integrity.store;

import org.jspecify.annotations.NullMarked;
