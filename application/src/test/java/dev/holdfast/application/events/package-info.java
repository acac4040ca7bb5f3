@NullMarked
package dev.holdfast.application.events;

import org.jspecify.annotations.NullMarked;
