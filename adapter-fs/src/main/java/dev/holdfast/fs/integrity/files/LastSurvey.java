package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.integrity.recovery.Survey;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was seen last: a launch looks again and again at files that mostly are the same, and they tell of each worker. */
final class LastSurvey {
  private SoftReference<Seen> last = new SoftReference<>(null);

  @SuppressWarnings("ArrayRecordComponent")
  private record Seen(byte @Nullable [] manifest, byte @Nullable [] receipts, Map<String, byte[]> files,
      Survey survey) {
    boolean isOf(byte @Nullable [] otherManifest, byte @Nullable [] otherReceipts, Map<String, byte[]> others) {
      return Arrays.equals(manifest, otherManifest) && Arrays.equals(receipts, otherReceipts)
          && files.keySet().equals(others.keySet())
          && files.keySet().stream().allMatch(name -> Arrays.equals(files.get(name), others.get(name)));
    }
  }

  /** As {@link Survey#of} has it, of these bytes, which nobody changes. */
  synchronized Survey of(byte @Nullable [] manifest, byte @Nullable [] receipts, Map<String, byte[]> files) {
    Seen seen = last.get();
    if (seen == null || !seen.isOf(manifest, receipts, files)) {
      seen = new Seen(manifest, receipts, files, Survey.of(manifest, receipts, files));
      last = new SoftReference<>(seen);
    }
    return seen.survey();
  }
}
