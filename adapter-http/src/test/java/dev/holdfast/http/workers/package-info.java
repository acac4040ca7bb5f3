@NullMarked
package dev.holdfast.http.workers;

import org.jspecify.annotations.NullMarked;
