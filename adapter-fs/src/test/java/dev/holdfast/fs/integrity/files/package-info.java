@NullMarked
package dev.holdfast.fs.integrity.files;

import org.jspecify.annotations.NullMarked;
