/** Keys and roles. */
@NullMarked
package dev.holdfast.domain.access;

import org.jspecify.annotations.NullMarked;
