package dev.holdfast.http.relay;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.application.relay.scripted.ScriptedCalls;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.Viewer;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A relay in memory, in front of whatever calls providers. */
final class RelayUnderTest {
  private final InstantSource clock = InstantSource.system();
  private final AtomicLong counter = new AtomicLong();
  private final Ids ids = digits -> ("%0" + digits + "x").formatted(counter.incrementAndGet());
  final UnitsOfWork units =
      new UnitsOfWork(new MemoryStore(), new NewsRoom(), new NodeState(), new AuditKey("5a".repeat(32)), clock);
  final Relay relay;

  RelayUnderTest(ProviderCalls calls) {
    relay = new Relay(units, new ScriptedCalls(calls, ids, clock), Relay.Present.of(clock), new UsageLog(units), ids,
        clock);
  }

  ModelGateway gateway() {
    return new RelayGateway(relay);
  }

  /** A call of the model that the provider alone serves. */
  ModelCall call(PublicProvider provider, Json options) {
    units.write(_ -> Decision.done(provider, List.of(new ProviderChange.PublicPut(provider)))).orThrow();
    return new ModelCall(provider.model(), Viewer.of(Key.DEFAULT_SUBJECT), "turn-1",
        List.of(new ModelCall.Message("user", "hi")), options);
  }
}
