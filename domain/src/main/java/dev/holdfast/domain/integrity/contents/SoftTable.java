package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Records whose form only their owner knows: virtual providers, diagnostics.
 *
 * @param coveredFrame number of the last frame of the journal that is part of it
 * @param records objects by the owner's key
 */
public record SoftTable(long coveredFrame, SortedMap<String, Json> records) {
  public static final SoftTable EMPTY = new SoftTable(0, new TreeMap<>());

  public SoftTable {
    Texts.requireAtLeast(coveredFrame, 0, "a frame number");
    records = Collections.unmodifiableSortedMap(new TreeMap<>(records));
  }

  private record Kept(String key, Json value) {
    static Kept read(JsonMembers members) {
      String key = members.text("key");
      Json value = members.optionalJsonObject("record");
      if (value == null) {
        throw members.wrong("record");
      }
      return new Kept(key, value);
    }
  }

  public Json json() {
    return Json.object("covered_frame", coveredFrame, "records", records.entrySet().stream()
        .map(kept -> Json.object("key", kept.getKey(), "record", kept.getValue())).toList());
  }

  /** The inverse of {@link #json}. */
  public static SoftTable read(JsonMembers members) {
    long covered = members.whole("covered_frame");
    List<Kept> kept = members.objects("records", Kept::read);
    members.end();
    return members.checked("records", () -> of(covered, kept));
  }

  private static SoftTable of(long covered, List<Kept> kept) {
    var records = new TreeMap<String, Json>();
    kept.forEach(one -> {
      if (records.put(one.key(), one.value()) != null) {
        throw new IllegalArgumentException("twice: " + one.key());
      }
    });
    return new SoftTable(covered, records);
  }
}
