/** Who may call what: the route table, the checks before every route, the OpenAPI document. */
@NullMarked
package dev.holdfast.http.access;

import org.jspecify.annotations.NullMarked;
