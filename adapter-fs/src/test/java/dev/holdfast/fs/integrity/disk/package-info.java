@NullMarked
package dev.holdfast.fs.integrity.disk;

import org.jspecify.annotations.NullMarked;
