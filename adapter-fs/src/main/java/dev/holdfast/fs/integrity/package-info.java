/** The data directory of a node: its lock, epoch, identity and key files. */
@NullMarked
package dev.holdfast.fs.integrity;

import org.jspecify.annotations.NullMarked;
