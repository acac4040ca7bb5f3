@NullMarked
package dev.holdfast.cli.wiring;

import org.jspecify.annotations.NullMarked;
