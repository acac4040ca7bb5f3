/** Who is served and who waits: the places of providers, and the queues of models. */
@NullMarked
package dev.holdfast.application.relay.admission;

import org.jspecify.annotations.NullMarked;
