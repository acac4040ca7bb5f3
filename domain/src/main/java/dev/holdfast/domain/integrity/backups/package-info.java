/** Copies of a whole data directory that are proven to hold what it held (spec integrity I-84). */
@NullMarked
package dev.holdfast.domain.integrity.backups;

import org.jspecify.annotations.NullMarked;
