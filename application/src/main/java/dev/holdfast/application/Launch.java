package dev.holdfast.application;

import dev.holdfast.application.access.AuditTrail;
import dev.holdfast.application.access.Keys;
import dev.holdfast.application.access.RefusalLog;
import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.RecoveryRecords;
import dev.holdfast.application.integrity.StoreLaunch;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.turns.TurnExecutor;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.LaunchStep;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Readiness;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.DiagnosticRules;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a node up on an open data directory and takes it down again (spec I-76 to I-82). {@code serve}, {@code run}
 * without a daemon and {@code bench} all start through it.
 */
public final class Launch {
  private final UnitsOfWork units;
  private final Access access;
  private final Models models;
  private final TurnExecutor executor;
  private final NodeState node;
  private final NewsRoom news;
  private final Surroundings surroundings;
  private final RecoveryRecords records;
  private RuntimeOptions options = RuntimeOptions.DEFAULT;
  private boolean started;

  /**
   * What a launch takes from outside the store.
   *
   * @param stores of the directory; null for a backend that keeps none
   */
  public record Surroundings(DataDirectory directory, Ids ids, InstantSource clock, @Nullable StoreLaunch stores) {}

  /** Who may come in, and what is remembered of who came. */
  public record Access(Keys keys, AuditTrail audit, RefusalLog refusals) {}

  /** What a new runtime is made with; an existing one keeps its own. */
  public record RuntimeOptions(@Nullable String displayName, RuntimeLimits limits) {
    public static final RuntimeOptions DEFAULT = new RuntimeOptions(null, RuntimeLimits.DEFAULT);
  }

  public Launch(UnitsOfWork units, Access access, Models models, TurnExecutor executor, NodeState node, NewsRoom news,
      Surroundings surroundings) {
    this.units = units;
    this.access = access;
    this.models = models;
    this.executor = executor;
    this.node = node;
    this.news = news;
    this.surroundings = surroundings;
    this.records = new RecoveryRecords(surroundings.ids(), surroundings.clock());
  }

  /**
   * Opens or makes the runtime, its first key and the scripted model; then the executor begins and the node is ready. Where the
   * stores are blocked, the node answers what can be read, takes no work, and waits for {@link #recover}.
   */
  public void start(RuntimeOptions wanted) {
    options = wanted;
    StoreLaunch stores = surroundings.stores();
    if (stores == null) {
      open(options);
      loadKeys();
      executor.start();
    } else {
      noting(() -> {
        launch(stores);
        return true;
      });
    }
    node.enter(NodeState.Phase.READY);
  }

  /** A sync of the stores that fails breaks the node as one of the rows does (spec I-8). */
  private <T> T noting(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreException e) {
      node.note(e);
      throw e;
    }
  }

  private void launch(StoreLaunch stores) {
    DataDirectory directory = surroundings.directory();
    stores.passed(LaunchStep.DIRECTORY_CHECKED, Json.object("data_dir_id", directory.id()));
    stores.passed(LaunchStep.LOCK_TAKEN, Json.object("location", directory.location()));
    stores.passed(LaunchStep.EPOCH_ADVANCED, Json.object("epoch", directory.epoch()));
    stores.inspect();
    goOn(stores, stores.recover());
  }

  /**
   * A recovery by an operator's word. Where it mends what blocked the node, the launch goes on.
   *
   * @return what came of it; empty for a backend that keeps no stores
   */
  public Optional<StoreLaunch.Mended> recover(Audited call, Consents consents) {
    StoreLaunch stores = surroundings.stores();
    if (stores == null) {
      return Optional.empty();
    }
    synchronized (stores) {
      return Optional.of(noting(() -> mended(stores, call, consents)));
    }
  }

  private StoreLaunch.Mended mended(StoreLaunch stores, Audited call, Consents consents) {
    StoreLaunch.Mended mended = stores.recover(consents);
    if (stores.isUnderWay()) {
      goOn(stores, mended);
    } else {
      records.write(units, mended.steps());
      // What a run that is ready lacks beside its rows is written anew by its stop, or by the next start.
      if (!mended.readiness().refusesMutations()) {
        node.found(mended.readiness());
      }
    }
    units.write(call, "store", _ -> Decision.unchanged(true)).orThrow();
    return mended;
  }

  /** Where the stores are blocked the node stays as it is. */
  private void goOn(StoreLaunch stores, StoreLaunch.Mended mended) {
    Readiness readiness = mended.readiness();
    if (!readiness.refusesMutations()) {
      open(options);
    }
    // Before anything else can fail: what was done once isn't found again.
    records.write(units, mended.steps());
    if (!readiness.refusesMutations()) {
      stores.passed(LaunchStep.MIGRATED, Json.EMPTY_OBJECT);
      stores.passed(LaunchStep.JOURNAL_REPLAYED, Json.object("last_event_id", units.read(EventReads::lastEventId)));
      stores.passed(LaunchStep.LEFTOVERS_CLEARED, Json.EMPTY_OBJECT);
      stores.discovered();
      readiness = stores.restamp();
    }
    node.found(readiness);
    if (readiness.refusesMutations() || node.phase() == NodeState.Phase.DRAINING) {
      return;
    }
    surroundings.directory().settled();
    loadKeys();
    stores.passed(LaunchStep.KEYS_LOADED, Json.EMPTY_OBJECT);
    stores.passed(LaunchStep.ROUTES_OPENED, Json.EMPTY_OBJECT);
    if (!started) {
      started = true;
      executor.start();
    }
    stores.passed(LaunchStep.EXECUTORS_STARTED, Json.EMPTY_OBJECT);
    stores.ready().orThrow();
  }

  private void loadKeys() {
    access.keys().createFirst(surroundings.directory());
    tellOfDamage();
    access.audit().checkHead();
    models.addScripted();
  }

  /** What the store found damaged as it opened, or whole again, becomes events and diagnostics (spec W-9). */
  private void tellOfDamage() {
    InstantSource clock = surroundings.clock();
    if (!units.read(state -> state.untoldDamage()).isNone()) {
      units.write(
          state -> DiagnosticRules.tellDamage(state, WorkerLimits.DEFAULT.maxDiagnostics(), clock.instant()));
    }
  }

  private void open(RuntimeOptions options) {
    InstantSource clock = surroundings.clock();
    Optional<RuntimeState> existing = units.read(state -> state.runtime());
    if (existing.isEmpty()) {
      units.write(state -> WorkerRules.open(
          state, RuntimeId.random(surroundings.ids()), options.displayName(), options.limits(), clock.instant()));
      return;
    }
    boolean renamed =
        options.displayName() != null && !Objects.equals(options.displayName(), existing.get().displayName());
    if (renamed || !options.limits().equals(existing.get().limits())) {
      units.write(state -> new Decision<>(new Outcome.Done<>(true),
          List.copyOf(DiagnosticRules.note(state, Diagnostic.Code.OPTIONS_IGNORED,
              "the runtime keeps the name and limits it was made with", WorkerLimits.DEFAULT.maxDiagnostics(),
              clock.instant()))));
    }
  }

  /**
   * Stops taking work, lets streams end, gives running turns so much time, and hands over what is left. Stops no worker and
   * no runtime.
   */
  public void shutdown(Duration grace) throws InterruptedException {
    node.enter(NodeState.Phase.DRAINING);
    news.raiseAll();
    executor.drain(grace);
    StoreLaunch stores = surroundings.stores();
    if (stores == null) {
      close();
      return;
    }
    // Behind a recovery that is under way.
    synchronized (stores) {
      close();
      if (node.refusalOfWrites().isEmpty()) {
        noting(() -> {
          stores.stop();
          return true;
        });
      }
    }
  }

  private void close() {
    executor.close();
    access.refusals().flush();
  }
}
