package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of the journal that don't change any more.
 *
 * @param coveredFrame number of the last frame that is part of them
 * @param base null while the journal begins with its first frame
 * @param segments sealed ones, each beginning with the frame behind the one before
 */
public record JournalIndex(long coveredFrame, @Nullable Base base, List<Segment> segments) {
  public static final JournalIndex EMPTY = new JournalIndex(0, null, List.of());

  public JournalIndex {
    Texts.requireAtLeast(coveredFrame, 0, "a frame number");
    segments = List.copyOf(segments);
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i).firstFrame() != segments.get(i - 1).lastFrame() + 1) {
        throw new IllegalArgumentException("a segment is missing before frame " + segments.get(i).firstFrame());
      }
    }
  }

  /** @param frame the last one whose effect is in the base */
  public record Base(long frame, ContentHash hash) {
    public Base {
      Texts.requireAtLeast(frame, 1, "a frame number");
    }

    Json json() {
      return Json.object("frame", frame, "sha256", hash.text());
    }

    static Base read(JsonMembers members) {
      long frame = members.whole("frame");
      ContentHash hash = members.parsed("sha256", ContentHash::new);
      members.end();
      return members.checked("frame", () -> new Base(frame, hash));
    }
  }

  public record Segment(long firstFrame, long lastFrame, ContentHash hash) {
    public Segment {
      Texts.requireAtLeast(firstFrame, 1, "a frame number");
      Texts.requireAtLeast(lastFrame, firstFrame, "the last frame");
    }

    Json json() {
      return Json.object("first_frame", firstFrame, "last_frame", lastFrame, "sha256", hash.text());
    }

    static Segment read(JsonMembers members) {
      long first = members.whole("first_frame");
      long last = members.whole("last_frame");
      ContentHash hash = members.parsed("sha256", ContentHash::new);
      return members.checked("last_frame", () -> new Segment(first, last, hash));
    }
  }

  public Json json() {
    return Json.object("covered_frame", coveredFrame, "base", base == null ? null : base.json(), "segments",
        segments.stream().map(Segment::json).toList());
  }

  /** The inverse of {@link #json}. */
  public static JournalIndex read(JsonMembers members) {
    long covered = members.whole("covered_frame");
    JsonMembers base = members.optionalObject("base");
    Base read = base == null ? null : Base.read(base);
    List<Segment> segments = members.objects("segments", Segment::read);
    members.end();
    return members.checked("segments", () -> new JournalIndex(covered, read, segments));
  }
}
