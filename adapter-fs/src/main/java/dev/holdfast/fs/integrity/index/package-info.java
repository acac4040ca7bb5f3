/** Where the rows of history are in the journal: sorted files, and what was written since in memory; all made anew from it. */
@NullMarked
package dev.holdfast.fs.integrity.index;

import org.jspecify.annotations.NullMarked;
