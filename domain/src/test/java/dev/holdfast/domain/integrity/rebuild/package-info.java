@NullMarked
package dev.holdfast.domain.integrity.rebuild;

import org.jspecify.annotations.NullMarked;
