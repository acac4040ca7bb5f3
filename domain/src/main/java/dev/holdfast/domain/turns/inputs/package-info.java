/** What users submitted: inputs, their states, and the queue they form. */
@NullMarked
package dev.holdfast.domain.turns.inputs;

import org.jspecify.annotations.NullMarked;
