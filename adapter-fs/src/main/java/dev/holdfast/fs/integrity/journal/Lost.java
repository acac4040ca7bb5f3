package dev.holdfast.fs.integrity.journal;

/**
 * What the head of a frame still tells of units whose changes are lost.
 *
 * @param position of the frame
 * @param scope the number of the only worker that the unit touched, or 0; of units that were given up, the highest that any
 *     of them touched
 * @param firstEvent the id of its first event, or of the next to come when it had none
 * @param events how many it had, with consecutive ids
 * @param audits how many records of the audit it had
 * @param isGivenUp whether an operator gave these units up, and the frame was written in their place
 */
public record Lost(long position, long scope, long firstEvent, int events, int audits, boolean isGivenUp) {
  static Lost of(long position, Frame frame) {
    return new Lost(position, frame.scope(), frame.firstEvent(), frame.events(), frame.audits(), frame.isGivenUp());
  }
}
