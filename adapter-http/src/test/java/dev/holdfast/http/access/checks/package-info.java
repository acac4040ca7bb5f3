@NullMarked
package dev.holdfast.http.access.checks;

import org.jspecify.annotations.NullMarked;
