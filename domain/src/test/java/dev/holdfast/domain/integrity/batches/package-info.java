@NullMarked
package dev.holdfast.domain.integrity.batches;

import org.jspecify.annotations.NullMarked;
