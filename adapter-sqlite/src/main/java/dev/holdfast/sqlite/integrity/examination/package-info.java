/** Looking at a whole database without changing anything: the file, the stores, every row. */
@NullMarked
package dev.holdfast.sqlite.integrity.examination;

import org.jspecify.annotations.NullMarked;
