package dev.holdfast.domain.relay.tasks;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one call used (spec R-48). There is one for every call, however it ended.
 *
 * @param seq dense from 1, in the order in which they were written
 * @param request the call's request id, or its turn's or task's id
 * @param key the id of the caller's key; null for a call of the node's own
 * @param provider the last one that was tried; null where none was
 * @param outcome {@code completed}, {@code cancelled}, or the reason why it failed
 * @param estimated whether the tokens were counted by the node, as deltas that it relayed
 * @param firstToken from the call to the first piece of the answer; null where there was none
 */
public record UsageRecord(
    long seq, Instant at, String request, @Nullable String key, String model, @Nullable String provider,
    InferenceTask.Mode mode, String outcome, long inputTokens, long outputTokens, boolean estimated,
    @Nullable Duration firstToken, Duration total) {

  /** The outcome of a call that came to its end. */
  public static final String COMPLETED = "completed";

  public UsageRecord numbered(long number) {
    return new UsageRecord(number, at, request, key, model, provider, mode, outcome, inputTokens, outputTokens,
        estimated, firstToken, total);
  }
}
