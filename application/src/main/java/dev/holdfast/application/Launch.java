package dev.holdfast.application;

import dev.holdfast.application.access.AuditTrail;
import dev.holdfast.application.access.Keys;
import dev.holdfast.application.access.RefusalLog;
import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.turns.TurnExecutor;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.integrity.DataDirectory;
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

  /** What a launch takes from outside the store. */
  public record Surroundings(DataDirectory directory, Ids ids, InstantSource clock) {}

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
  }

  /** Opens or makes the runtime, its first key and the scripted model; then the executor begins and the node is ready. */
  public void start(RuntimeOptions options) {
    open(options);
    access.keys().createFirst(surroundings.directory());
    access.audit().checkHead();
    models.addScripted();
    executor.start();
    node.enter(NodeState.Phase.READY);
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
    executor.close();
    access.refusals().flush();
  }
}
