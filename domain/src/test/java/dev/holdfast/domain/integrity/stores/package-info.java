@NullMarked
package dev.holdfast.domain.integrity.stores;

import org.jspecify.annotations.NullMarked;
