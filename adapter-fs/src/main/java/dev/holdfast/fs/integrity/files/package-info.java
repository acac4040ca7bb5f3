/** The stores of a data directory as files: how they are read, written in batches, looked at and mended. */
@NullMarked
package dev.holdfast.fs.integrity.files;

import org.jspecify.annotations.NullMarked;
