/** The file system as the store uses it, so narrow that every way in which it can fail can be played. */
@NullMarked
package dev.holdfast.fs.integrity.disk;

import org.jspecify.annotations.NullMarked;
