@NullMarked
package dev.holdfast.application.relay.tasks;

import org.jspecify.annotations.NullMarked;
