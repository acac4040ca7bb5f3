package dev.holdfast.application.relay.admission;

import dev.holdfast.domain.relay.Provider;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who may be chosen for a call. It is asked on the thread that calls. */
public abstract class Candidates {

  /** Those that are there now, in the order of preference. */
  public abstract List<? extends Provider> now();

  /** How many could be there, as of the last look. */
  public abstract int members();

  /** Until when it shows whether one of them comes, as of the last look; null when none is on its way. */
  public abstract @Nullable Instant awaited();

  /** Of whom nobody can be woken. */
  public static Candidates of(Supplier<? extends List<? extends Provider>> now) {
    return new Candidates() {
      @Override
      public List<? extends Provider> now() {
        return now.get();
      }

      @Override
      public int members() {
        return 1;
      }

      @Override
      public @Nullable Instant awaited() {
        return null;
      }
    };
  }
}
