@NullMarked
package dev.holdfast.http.events;

import org.jspecify.annotations.NullMarked;
