package dev.holdfast.domain.integrity.rebuild;

/**
 * How far a journal had come, as others than itself tell.
 *
 * @param lastFrame a frame that it had, 0 for unknown
 * @param lastEvent the id of an event that it had, 0 for unknown
 */
public record JournalMarks(long lastFrame, long lastEvent) {
  public static final JournalMarks UNKNOWN = new JournalMarks(0, 0);
}
