@NullMarked
package dev.holdfast.http.relay.upstream;

import org.jspecify.annotations.NullMarked;
