/** The fields that records are made of. */
@NullMarked
package dev.holdfast.domain.integrity.records.format;

import org.jspecify.annotations.NullMarked;
