/** Inference tasks that nobody waits for, which are asked for once and kept: the relay's tasks beside what callers are remembered by. */
@NullMarked
package dev.holdfast.domain.inference;

import org.jspecify.annotations.NullMarked;
