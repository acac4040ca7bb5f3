@NullMarked
package dev.holdfast.cli.turns.timeline;

import org.jspecify.annotations.NullMarked;
