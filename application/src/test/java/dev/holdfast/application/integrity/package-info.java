@NullMarked
package dev.holdfast.application.integrity;

import org.jspecify.annotations.NullMarked;
