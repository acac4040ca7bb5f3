package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.WorkerChange;
import java.time.Instant;
import java.util.function.Consumer;

/** What belongs to no worker, and the feed. */
final class RowsOfRuntime {
  private static final Remembered BEFORE_ALL =
      new Remembered("", "", "", "", Instant.EPOCH);

  private RowsOfRuntime() {}

  static void runtime(State state, Consumer<? super Change> to) {
    state.runtime().ifPresent(runtime -> to.accept(new WorkerChange.RuntimePut(runtime.withoutDiagnostics())));
  }

  static void providers(State state, Consumer<? super Change> to) {
    Pages.each("", Provider::name, Pages.MANY, state::providers,
        provider -> {
          if (provider instanceof PublicProvider known) {
            to.accept(new ProviderChange.PublicPut(known));
          }
        });
  }

  static void publishers(State state, Consumer<? super Change> to) {
    Pages.each("", Publisher::id, Pages.MANY, (after, limit) -> state.publishers(after, limit),
        publisher -> to.accept(new PublisherChange.Put(publisher)));
  }

  static void tasks(State state, Consumer<? super Change> to) {
    Pages.each("", InferenceTask::id, Pages.MANY, (after, limit) -> state.tasks(after, limit, null),
        task -> to.accept(new TaskChange.Put(task)));
  }

  static void usage(State state, Consumer<? super Change> to) {
    Pages.each(0L, UsageRecord::seq, Pages.MANY, (after, limit) -> state.usage(after, limit),
        used -> to.accept(new TaskChange.Used(used)));
  }

  static void defaultModel(State state, Consumer<? super Change> to) {
    state.defaultModel().ifPresent(name -> to.accept(new ProviderChange.DefaultModelPut(name)));
  }

  static void keys(State state, Consumer<? super Change> to) {
    Pages.each("", Key::id, Pages.MANY, (after, limit) -> state.keys(after, limit, null),
        key -> to.accept(new AccessChange.KeyPut(key)));
  }

  /** A copy of an audit whose end was cut off would hide that it was. */
  static void audit(State state, Consumer<? super Change> to) {
    AuditHead[] last = {state.auditAnchor()};
    if (last[0].seq() > 0) {
      to.accept(new AccessChange.AuditPruned(last[0]));
    }
    Pages.each(0L, AuditRecord::seq, Pages.MANY, (after, limit) -> state.audit(after, limit, null, null), entry -> {
      to.accept(new AccessChange.Audited(entry));
      last[0] = entry.head();
    });
    if (!last[0].equals(state.auditHead())) {
      throw Pages.damaged("the audit ends with record " + last[0].seq() + ", and its head names record "
          + state.auditHead().seq());
    }
  }

  static void events(State state, Consumer<? super Change> to) {
    if (state.lastPrunedEvent() > 0) {
      to.accept(new EventChange.Pruned(state.lastPrunedEvent()));
    }
    Pages.each(0L, Event::id, Pages.MANY, (after, limit) -> state.events(after + 1, limit, null),
        event -> to.accept(new EventChange.Appended(event)));
  }

  static void remembered(State state, Consumer<? super Change> to) {
    Pages.each(BEFORE_ALL, (Remembered record) -> record, Pages.MANY,
        (after, limit) -> state.remembered(after.scope(), after.key(), limit),
        record -> to.accept(new WorkerChange.KeyRemembered(record)));
  }
}
