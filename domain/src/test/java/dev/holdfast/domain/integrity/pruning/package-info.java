@NullMarked
package dev.holdfast.domain.integrity.pruning;

import org.jspecify.annotations.NullMarked;
