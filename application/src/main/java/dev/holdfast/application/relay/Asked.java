package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import org.jspecify.annotations.Nullable;

/**
 * A call of a model, and whose it is.
 *
 * @param key the id of the caller's key; null for the node's own
 * @param origin what the call is told by in its usage record: a request id, a turn
 */
public record Asked(
    Viewer viewer, @Nullable String key, String origin, String model, InferenceRequest request,
    InferenceTask.Mode mode) {}
