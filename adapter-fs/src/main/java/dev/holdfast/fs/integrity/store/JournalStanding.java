package dev.holdfast.fs.integrity.store;

import dev.holdfast.fs.integrity.journal.SealedSegments;

/**
 * How far a journal has come.
 *
 * @param lastFrame the number of its last frame, 0 for none
 */
public record JournalStanding(long lastFrame, SealedSegments sealed) {}
