/** Inference tasks: one call of a model, from when it is asked for until it has ended, over as many attempts as it takes. */
@NullMarked
package dev.holdfast.domain.relay.tasks;

import org.jspecify.annotations.NullMarked;
