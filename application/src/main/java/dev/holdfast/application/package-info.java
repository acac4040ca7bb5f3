/** Starting a node up and shutting it down: the one place that knows every capability. */
@NullMarked
package dev.holdfast.application;

import org.jspecify.annotations.NullMarked;
