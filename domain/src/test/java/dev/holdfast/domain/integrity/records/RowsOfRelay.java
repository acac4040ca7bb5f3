package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.Attempt;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;

/** Draws providers, publishers, tasks and what calls used. */
final class RowsOfRelay {
  private final Values v;

  RowsOfRelay(Values v) {
    this.v = v;
  }

  private Offer offer() {
    return new Offer(v.text(), v.orNull(v::text), v.text(), v.text(), v.text(), v.orNull(v::text),
        v.constant(Offer.Visibility.class), v.count(), v.orNull(() -> Duration.ofMillis(v.count())), v.orNull(v::text));
  }

  PublicProvider publicProvider() {
    return new PublicProvider(v.text(), v.text(), offer(), v.text(), v.orNull(v::text), v.bool(), v.count(), v.time(),
        v.time());
  }

  VirtualProvider virtualProvider() {
    var status = v.constant(VirtualProvider.Status.class);
    return new VirtualProvider(v.text(), v.text(), offer(), v.text(), status, v.bool(), v.time(),
        status == VirtualProvider.Status.INACTIVE ? v.time() : null, v.time(), v.time());
  }

  Publisher publisher() {
    return new Publisher(v.text(), v.text(), v.text(), v.orNull(v::text), v.time(), v.time(), v.number());
  }

  private Attempt attempt() {
    return new Attempt(v.count(), v.text(), v.orNull(v::text), v.time(), v.number());
  }

  private State state() {
    return v.oneOf(State.Pending::new, () -> new State.Claimed(attempt()), () -> new State.Running(attempt()),
        () -> new State.Completed(v.count(), v.orNull(v::json), attempt(), v.time()),
        () -> new State.Failed(v.constant(Reason.class), v.orNull(v::text), v.orNull(this::attempt), v.time()),
        () -> new State.Cancelled(v.orNull(this::attempt), v.time()));
  }

  InferenceTask task() {
    return new InferenceTask(v.text(), v.text(), v.text(), v.orNull(v::text), v.text(), v.json(), v.bool(),
        v.constant(InferenceTask.Mode.class), v.count(), state(), v.time(), v.orNull(v::time));
  }

  UsageRecord usage() {
    return new UsageRecord(v.number(), v.time(), v.text(), v.orNull(v::text), v.text(), v.orNull(v::text),
        v.constant(InferenceTask.Mode.class), v.text(), v.number(), v.number(), v.bool(),
        v.orNull(() -> micros(v.count())), micros(v.count()));
  }

  private static Duration micros(int value) {
    return Duration.ofNanos(value * 1_000L);
  }
}
