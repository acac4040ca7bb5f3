@NullMarked
package dev.holdfast.domain.integrity.recovery;

import org.jspecify.annotations.NullMarked;
