@NullMarked
package dev.holdfast.domain.supervision;

import org.jspecify.annotations.NullMarked;
