package dev.holdfast.domain.events;

import dev.holdfast.domain.WorkerId;
import java.util.List;

/**
 * What a store found out about its data, and no event or diagnostic tells yet (spec W-9, I-14, I-15).
 *
 * @param cut the names in quarantine of torn ends that were cut off; nobody ever had an answer to what was in them
 * @param damaged workers whose data were found damaged
 * @param gaps events that were lost
 * @param whole workers that an event calls damaged, and that aren't any more
 */
public record UntoldDamage(
    List<String> cut, List<WorkerId> damaged, List<EventGap> gaps, List<WorkerId> whole) {
  public static final UntoldDamage NONE = new UntoldDamage(List.of(), List.of(), List.of(), List.of());

  public UntoldDamage {
    cut = List.copyOf(cut);
    damaged = List.copyOf(damaged);
    gaps = List.copyOf(gaps);
    whole = List.copyOf(whole);
  }

  public boolean isNone() {
    return cut.isEmpty() && damaged.isEmpty() && gaps.isEmpty() && whole.isEmpty();
  }
}
