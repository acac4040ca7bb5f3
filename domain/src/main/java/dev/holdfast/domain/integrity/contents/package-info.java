/** What the files of a store hold, as far as rules need it, and how a launch is told of (spec integrity §5, §10). */
@NullMarked
package dev.holdfast.domain.integrity.contents;

import org.jspecify.annotations.NullMarked;
