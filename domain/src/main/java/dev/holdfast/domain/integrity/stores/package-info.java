/** The files of a store: what each is for, its form, and what a look at it finds (spec integrity §5, §7). */
@NullMarked
package dev.holdfast.domain.integrity.stores;

import org.jspecify.annotations.NullMarked;
