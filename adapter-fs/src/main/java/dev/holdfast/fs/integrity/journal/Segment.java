package dev.holdfast.fs.integrity.journal;

import dev.holdfast.fs.integrity.disk.Disk;
import java.io.IOException;
import java.util.Arrays;

/** An open segment file. */
record Segment(SegmentHead head, Disk.File file) {
  static final String UNFINISHED = ".new";

  /** It has its name only once it is whole, so a segment without a head is never of our making. */
  static Segment create(Disk disk, SegmentHead head, long room) throws IOException {
    String unfinished = head.name() + UNFINISHED;
    disk.delete(unfinished);
    Disk.File file = disk.create(unfinished);
    byte[] bytes = head.bytes();
    file.write(0, bytes, 0, bytes.length);
    clear(file, SegmentHead.SIZE, room);
    file.sync();
    file.close();
    disk.rename(unfinished, head.name());
    disk.sync();
    return new Segment(head, disk.open(head.name()));
  }

  /** @throws dev.holdfast.domain.integrity.StoreException journal_damaged when the file doesn't begin as its name says */
  static Segment open(Disk disk, String name, long firstFrame) throws IOException {
    Disk.File file = disk.open(name);
    SegmentHead head = null;
    try {
      byte[] bytes = new byte[SegmentHead.SIZE];
      head = SegmentHead.read(bytes, file.read(0, bytes, 0, bytes.length));
    } finally {
      if (head == null) {
        file.close();
      }
    }
    if (head == null || head.firstFrame() != firstFrame || head.isBase() != SegmentHead.isBase(name)) {
      if (head != null) {
        file.close();
      }
      throw Damage.of(name + " does not begin as a segment does");
    }
    return new Segment(head, file);
  }

  /** What it holds from there on, without the zeros at its end. */
  byte[] rest(long from) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(file.size() - from)];
    int length = file.read(from, bytes, 0, bytes.length);
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return Arrays.copyOf(bytes, length);
  }

  static boolean isUnfinished(String name) {
    return name.endsWith(UNFINISHED)
        && SegmentHead.firstFrameOf(name.substring(0, name.length() - UNFINISHED.length())) != null;
  }

  /** Writes zeros, so that what is written there later needs no new blocks: that is faster, and can't find the disk full. */
  static void clear(Disk.File file, long from, long length) throws IOException {
    byte[] zeros = new byte[(int) Math.min(length, 1 << 18)];
    for (long done = 0; done < length; done += zeros.length) {
      file.write(from + done, zeros, 0, (int) Math.min(zeros.length, length - done));
    }
  }
}
