package dev.holdfast.domain.turns;

import dev.holdfast.domain.workers.TranscriptEntry;

/** One message of the context that a model is called with. */
public record ContextItem(TranscriptEntry.Role role, String content) {}
