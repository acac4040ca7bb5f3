@NullMarked
package dev.holdfast.http.integrity;

import org.jspecify.annotations.NullMarked;
