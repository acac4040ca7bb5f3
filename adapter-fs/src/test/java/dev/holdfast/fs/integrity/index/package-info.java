@NullMarked
package dev.holdfast.fs.integrity.index;

import org.jspecify.annotations.NullMarked;
