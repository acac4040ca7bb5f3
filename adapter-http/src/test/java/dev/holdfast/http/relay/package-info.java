@NullMarked
package dev.holdfast.http.relay;

import org.jspecify.annotations.NullMarked;
