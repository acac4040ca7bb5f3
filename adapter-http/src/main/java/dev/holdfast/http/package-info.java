/** How every capability speaks HTTP: answers, problems, bodies, queries, streams. */
@NullMarked
package dev.holdfast.http;

import org.jspecify.annotations.NullMarked;
