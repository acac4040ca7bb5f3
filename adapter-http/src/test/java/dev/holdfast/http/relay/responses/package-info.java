@NullMarked
package dev.holdfast.http.relay.responses;

import org.jspecify.annotations.NullMarked;
