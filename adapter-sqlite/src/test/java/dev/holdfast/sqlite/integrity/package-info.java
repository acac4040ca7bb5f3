@NullMarked
package dev.holdfast.sqlite.integrity;

import org.jspecify.annotations.NullMarked;
