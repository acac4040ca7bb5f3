/** Where the content of a store comes from when its file is lost (spec integrity §4, rebuild strategies). */
@NullMarked
package dev.holdfast.domain.integrity.rebuild;

import org.jspecify.annotations.NullMarked;
