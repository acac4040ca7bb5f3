/** The journal: the one record of what was committed, as framed units of work in segment files. */
@NullMarked
package dev.holdfast.fs.integrity.journal;

import org.jspecify.annotations.NullMarked;
