@NullMarked
package dev.holdfast.application.relay.admission;

import org.jspecify.annotations.NullMarked;
