/** What every request has to pass before a route sees it (spec access §4). */
@NullMarked
package dev.holdfast.http.access.checks;

import org.jspecify.annotations.NullMarked;
