@NullMarked
package dev.holdfast.domain.integrity.fold;

import org.jspecify.annotations.NullMarked;
