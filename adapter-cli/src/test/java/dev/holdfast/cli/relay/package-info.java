@NullMarked
package dev.holdfast.cli.relay;

import org.jspecify.annotations.NullMarked;
