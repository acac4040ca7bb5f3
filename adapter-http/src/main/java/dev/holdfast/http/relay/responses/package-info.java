/** OpenAI's Responses: kept ones as durable turns, others as direct calls (spec relay §7). */
@NullMarked
package dev.holdfast.http.relay.responses;

import org.jspecify.annotations.NullMarked;
