@NullMarked
package dev.holdfast.http.access;

import org.jspecify.annotations.NullMarked;
