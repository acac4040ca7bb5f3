@NullMarked
package dev.holdfast.application.access;

import org.jspecify.annotations.NullMarked;
