package dev.holdfast.fs.integrity.journal;

/** One unit of work on its way into the journal. */
public final class Unit {
  private final long scope;
  private final long firstEvent;
  private final int events;
  private final int audits;
  private final byte[] payload;

  /**
   * @param scope the number of the only worker that it touches, or 0
   * @param firstEvent the id of its first event, or of the next to come when it has none
   * @param audits how many records of the audit it has
   * @param payload not copied, and not to be changed any more
   */
  public Unit(long scope, long firstEvent, int events, int audits, byte[] payload) {
    if (events > Frame.MANY || audits > Frame.MANY) {
      throw new IllegalArgumentException("a unit of work of " + events + " events");
    }
    this.scope = scope;
    this.firstEvent = firstEvent;
    this.events = events;
    this.audits = audits;
    this.payload = payload;
  }

  /** How many bytes of the journal it takes. */
  public int size() {
    return Frame.HEAD + payload.length + Frame.TAIL;
  }

  Frame frame(int epoch, long number, int place) {
    return new Frame(epoch, number, place, scope, firstEvent, events, audits, payload.length);
  }

  byte[] payload() {
    return payload;
  }
}
