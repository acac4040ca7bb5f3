@NullMarked
package dev.holdfast.application.relay.scripted;

import org.jspecify.annotations.NullMarked;
