/**
 * The one description of how every stored row and every change is written: as bytes in a journal, as canonical JSON where
 * two stores are compared.
 */
@NullMarked
package dev.holdfast.domain.integrity.records;

import org.jspecify.annotations.NullMarked;
