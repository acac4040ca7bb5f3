@NullMarked
package dev.holdfast.application.relay.publishing;

import org.jspecify.annotations.NullMarked;
