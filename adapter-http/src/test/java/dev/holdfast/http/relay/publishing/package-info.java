@NullMarked
package dev.holdfast.http.relay.publishing;

import org.jspecify.annotations.NullMarked;
