@NullMarked
package dev.holdfast.application.relay;

import org.jspecify.annotations.NullMarked;
