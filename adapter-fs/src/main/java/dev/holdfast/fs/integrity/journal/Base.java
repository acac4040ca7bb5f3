package dev.holdfast.fs.integrity.journal;

import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SyncFailure;
import java.io.IOException;

/**
 * A segment on its way to take the place of all before it. Its frames have the numbers and positions behind the newest one's, so
 * nothing of before can pass for something of behind. It takes their place with its name, in one step.
 */
public final class Base implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final Disk disk;
  private final SegmentHead head;
  private final int epoch;
  private final Disk.File file;
  private final byte[] buffer = new byte[BUFFER];
  private int buffered;
  private long written;
  private long number;
  private boolean closed;

  Base(Disk disk, SegmentHead head, int epoch) throws IOException {
    this.disk = disk;
    this.head = head;
    this.epoch = epoch;
    this.number = head.firstFrame();
    disk.delete(unfinished());
    this.file = disk.create(unfinished());
    take(head.bytes(), SegmentHead.SIZE);
  }

  private String unfinished() {
    return head.name() + Segment.UNFINISHED;
  }

  /** The next unit. */
  public void add(Unit unit) throws IOException {
    byte[] bytes = new byte[unit.size()];
    unit.frame(epoch, number++, 0).write(bytes, 0, unit.payload(), head.salt());
    take(bytes, bytes.length);
  }

  private void take(byte[] bytes, int length) throws IOException {
    if (buffered + length > BUFFER) {
      flush();
    }
    if (length > BUFFER) {
      file.write(written, bytes, 0, length);
      written += length;
    } else {
      System.arraycopy(bytes, 0, buffer, buffered, length);
      buffered += length;
    }
  }

  private void flush() throws IOException {
    file.write(written, buffer, 0, buffered);
    written += buffered;
    buffered = 0;
  }

  /** From now on the history begins with it. At least one unit was added. */
  public void finish() throws IOException {
    flush();
    file.sync();
    close();
    disk.rename(unfinished(), head.name());
    disk.sync();
  }

  /**
   * It is no base any more, finished or not; what it took the place of is there as it was, until that is removed.
   *
   * @throws SyncFailure when nobody knows: what is written to the history of before may count no more
   */
  public void takeBack() throws SyncFailure {
    try {
      disk.delete(unfinished());
      disk.delete(head.name());
      disk.sync();
    } catch (SyncFailure e) {
      throw e;
    } catch (IOException e) {
      throw new SyncFailure(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      file.close();
    }
  }
}
