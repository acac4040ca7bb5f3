/** How a record is written and read, whatever it tells: field by field, as bytes or as JSON. */
@NullMarked
package dev.holdfast.domain.integrity.records.format;

import org.jspecify.annotations.NullMarked;
