/** The feed over HTTP, as pages and as streams. */
@NullMarked
package dev.holdfast.http.events;

import org.jspecify.annotations.NullMarked;
