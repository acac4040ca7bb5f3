@NullMarked
package dev.holdfast.domain.relay.tasks;

import org.jspecify.annotations.NullMarked;
