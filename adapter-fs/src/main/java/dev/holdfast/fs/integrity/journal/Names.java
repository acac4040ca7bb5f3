package dev.holdfast.fs.integrity.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a journal's folder.
 *
 * @param present the segments that are the history, by the number of their first frame
 * @param replaced those that a base has taken the place of
 * @param unfinished what never got its name
 */
record Names(TreeMap<Long, String> present, List<String> replaced, List<String> unfinished) {

  static Names of(List<String> files) {
    TreeMap<Long, String> all = new TreeMap<>();
    List<String> replaced = new ArrayList<>();
    List<String> unfinished = new ArrayList<>();
    long base = 0;
    for (String name : files) {
      Long firstFrame = SegmentHead.firstFrameOf(name);
      if (firstFrame != null) {
        boolean isBase = SegmentHead.isBase(name);
        base = isBase ? Math.max(base, firstFrame) : base;
        String same = all.get(firstFrame);
        if (same == null || isBase) {
          all.put(firstFrame, name);
        }
        if (same != null) {
          // The other one is a segment that was begun, and never written before the base.
          replaced.add(isBase ? same : name);
        }
      } else if (Segment.isUnfinished(name)) {
        unfinished.add(name);
      }
    }
    Map<Long, String> before = all.headMap(base);
    replaced.addAll(before.values());
    before.clear();
    return new Names(all, replaced, unfinished);
  }
}
