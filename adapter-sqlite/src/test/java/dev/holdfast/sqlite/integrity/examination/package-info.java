@NullMarked
package dev.holdfast.sqlite.integrity.examination;

import org.jspecify.annotations.NullMarked;
