@NullMarked
package dev.holdfast.domain.integrity.exports;

import org.jspecify.annotations.NullMarked;
