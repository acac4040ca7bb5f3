@NullMarked
package dev.holdfast.domain.integrity.contents;

import org.jspecify.annotations.NullMarked;
