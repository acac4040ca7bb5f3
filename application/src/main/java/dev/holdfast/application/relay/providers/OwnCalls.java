package dev.holdfast.application.relay.providers;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The calls that the node makes itself. None goes on behind its deadline, however alive its provider seems (spec R-26). */
public final class OwnCalls {
  private final InstantSource clock;
  private final Set<Begun> begun = ConcurrentHashMap.newKeySet();

  public OwnCalls(InstantSource clock) {
    this.clock = clock;
  }

  /** A call whose answer hasn't begun. */
  private static final class Begun {
    private final Thread thread = Thread.currentThread();
    private final Instant until;
    // Guarded by this.
    private boolean over;
    private boolean late;

    Begun(Instant until) {
      this.until = until;
    }

    synchronized void tick(Instant now) {
      if (!over && !late && !now.isBefore(until)) {
        late = true;
        thread.interrupt();
      }
    }

    /** Nothing interrupts its thread any more; answers whether something did. */
    synchronized boolean end() {
      over = true;
      return late;
    }
  }

  /** As {@link ProviderCalls#call}, but for a deadline: task_deadline_exceeded in place of an answer, or of what is left of it. */
  public ProviderAnswer call(
      ProviderCalls calls, PublicProvider provider, InferenceRequest request, @Nullable Instant until)
      throws InterruptedException {
    if (until == null) {
      return calls.call(provider, request);
    }
    var call = new Begun(until);
    begun.add(call);
    try {
      ProviderAnswer answer = calls.call(provider, request);
      return answer instanceof ProviderAnswer.Streamed(var stream)
          ? new ProviderAnswer.Streamed(new DeadlineStream(stream, until, clock))
          : answer;
    } catch (InterruptedException e) {
      if (call.end()) {
        Reason late = Reason.TASK_DEADLINE_EXCEEDED;
        return new ProviderAnswer.Failed(false, late, late.title());
      }
      throw e;
    } finally {
      begun.remove(call);
      if (call.end()) {
        Thread.interrupted();
      }
    }
  }

  /** To be called about once in a second. */
  public void tick() {
    Instant now = clock.instant();
    begun.forEach(call -> call.tick(now));
  }
}
