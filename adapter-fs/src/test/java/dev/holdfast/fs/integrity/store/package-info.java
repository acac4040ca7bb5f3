@NullMarked
package dev.holdfast.fs.integrity.store;

import org.jspecify.annotations.NullMarked;
