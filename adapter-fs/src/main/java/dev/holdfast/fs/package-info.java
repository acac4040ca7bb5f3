@NullMarked
package dev.holdfast.fs;

import org.jspecify.annotations.NullMarked;
