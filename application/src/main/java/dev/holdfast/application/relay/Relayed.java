package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderAnswer;
import java.time.Duration;

/**
 * What came of a call. A stream in it is closed by whoever has it; the provider's place is kept until then.
 *
 * @param provider the one that answered, or was tried last
 * @param attempts how many were tried
 * @param queuedAt the call's place in the queue when it came, from 1; 0 when it didn't wait
 */
public record Relayed(
    Provider provider, String task, int attempts, int queuedAt, Duration waited, ProviderAnswer answer) {}
