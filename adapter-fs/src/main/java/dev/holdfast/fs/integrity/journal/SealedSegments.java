package dev.holdfast.fs.integrity.journal;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.integrity.contents.JournalIndex;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.fs.integrity.disk.Disk;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The segments of a journal behind which another one stands: their bytes don't change any more. */
public final class SealedSegments {
  private static final int PART = 1 << 20;

  private final List<Sealed> all;

  private record Sealed(long first, long last, Disk.File file) {}

  private SealedSegments(List<Sealed> all) {
    this.all = all;
  }

  /** @param segments of a journal, in their order; the last one is still written */
  static SealedSegments of(List<Segment> segments) {
    List<Sealed> sealed = new ArrayList<>();
    for (int at = 0; at + 1 < segments.size(); at++) {
      Segment segment = segments.get(at);
      sealed.add(new Sealed(segment.head().firstFrame(), segments.get(at + 1).head().firstFrame() - 1, segment.file()));
    }
    return new SealedSegments(sealed);
  }

  /**
   * The index of them.
   *
   * @param known hashes that were taken before and needn't be again; an empty index has all of them taken
   */
  public JournalIndex index(JournalIndex known) throws IOException {
    List<JournalIndex.Segment> segments = new ArrayList<>();
    for (Sealed segment : all) {
      Optional<JournalIndex.Segment> before = known.segments().stream()
          .filter(one -> one.firstFrame() == segment.first() && one.lastFrame() == segment.last()).findFirst();
      segments.add(before.isPresent()
          ? before.get()
          : new JournalIndex.Segment(segment.first(), segment.last(), hash(segment.file())));
    }
    return new JournalIndex(all.isEmpty() ? 0 : all.getLast().last(), null, segments);
  }

  private static ContentHash hash(Disk.File file) throws IOException {
    MessageDigest digest = Digests.begin();
    byte[] part = new byte[PART];
    long at = 0;
    for (int read = file.read(at, part, 0, PART); read > 0; read = file.read(at, part, 0, PART)) {
      digest.update(part, 0, read);
      at += read;
    }
    return new ContentHash("sha256:" + HexFormat.of().formatHex(digest.digest()));
  }
}
