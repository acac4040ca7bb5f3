/** What is wrong with a store, and what is to be done about it (spec integrity §7 to §9). */
@NullMarked
package dev.holdfast.domain.integrity.recovery;

import org.jspecify.annotations.NullMarked;
