package dev.holdfast.fs.integrity.journal;

/**
 * A place in the journal between two units.
 *
 * @param position behind the one before
 * @param frame the number of that one's frame, 0 at the start
 * @param epoch in which that was written, 0 at the start
 */
public record Mark(long position, long frame, int epoch) {
  /** Before the first unit. */
  public static final Mark START = new Mark(0, 0, 0);
}
