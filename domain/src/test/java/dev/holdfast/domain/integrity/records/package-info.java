/** Every record is drawn, written, damaged and read. */
@NullMarked
package dev.holdfast.domain.integrity.records;

import org.jspecify.annotations.NullMarked;
