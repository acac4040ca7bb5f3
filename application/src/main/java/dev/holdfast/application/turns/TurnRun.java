package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.turns.ContextItem;
import dev.holdfast.domain.turns.ContextRules;
import dev.holdfast.domain.turns.GivenContext;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.profiles.Profile;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of the built-in executor: a model call, and a further one for what arrived while it ran; what to commit then.
 */
final class TurnRun {
  private static final Logger LOG = LoggerFactory.getLogger(TurnRun.class);
  static final long MAX_CONTEXT_CHARACTERS = 8L << 20;

  private final UnitsOfWork units;
  private final Models models;
  private final ModelGateway gateway;
  private final TurnExecutor.Node node;
  private final ExecutorSettings settings;
  private final NextWork.Run work;
  private final InstantSource clock;
  private final Worker worker;
  private final Profile profile;
  private Json options;
  private @Nullable OutputCursor kept;
  private long lastSeq;
  private int commits;
  private @Nullable ModelStep step;

  TurnRun(UnitsOfWork units, Models models, ModelGateway gateway, TurnExecutor.Node node, ExecutorSettings settings,
      NextWork.Run work) {
    this.units = units;
    this.models = models;
    this.gateway = gateway;
    this.node = node;
    this.settings = settings;
    this.work = work;
    this.clock = node.clock();
    this.worker = units.read(state -> state.worker(work.turn().session()).orElseThrow());
    // Once for the attempt, whose calls all begin anew with it: an answer is of one profile.
    this.profile = node.profiles().resolve(worker.profile());
    this.options = optionsOf(work.inputs(), profile.optionsUnder(null));
    this.kept = work.turn().kept();
    this.lastSeq = work.turn().lastAttempt().lastOutputSeq();
    this.commits = work.turn().lastAttempt().commits();
  }

  /** The options of the newest input that has any, over the profile's. */
  private Json optionsOf(List<Input> inputs, Json absent) {
    return inputs.reversed().stream().map(Input::options).filter(Objects::nonNull).findFirst()
        .map(own -> GivenContext.isWith(worker) ? GivenContext.ofCall(own) : own)
        .map(profile::optionsUnder).orElse(absent);
  }

  /**
   * Runs until the turn would end; that it ends is not committed yet.
   *
   * @throws InterruptedException when the turn is cancelled, lost, or to be handed over
   * @throws AttemptLostException when the session is no longer held
   */
  TurnCommit run() throws InterruptedException {
    Outcome<Models.Model> model = models.resolve(worker.model() == null ? profile.model() : worker.model(),
        Viewer.of(worker.owner()));
    if (model instanceof Outcome.Refused<Models.Model> refused) {
      return end(new TurnOutcome.Failed(refused.reason()), null);
    }
    while (true) {
      Outcome<List<ContextItem>> context = units.read(
          state -> ContextRules.context(state, work.turn(), profile.instructions(), MAX_CONTEXT_CHARACTERS));
      if (context instanceof Outcome.Refused<List<ContextItem>> refused) {
        return end(new TurnOutcome.Failed(refused.reason()), null);
      }
      ModelStep done = step(model.orThrow().name(), context.orThrow());
      ClaimRules.AtCheckpoint arrived = done.outcome() instanceof TurnOutcome.Completed ? arrived() : null;
      if (arrived == null || arrived.isEmpty()) {
        return end(done.outcome(), done.failure());
      }
      takeIn(done, arrived);
    }
  }

  private ModelStep step(String model, List<ContextItem> context) throws InterruptedException {
    var call = new ModelCall(model, Viewer.of(worker.owner()), work.turn().id().value(), context.stream()
        .map(item -> new ModelCall.Message(item.role().text(), item.content())).toList(), options);
    try (var output = new OutputWriter(units, clock, work, settings.outputWindow(), lastSeq)) {
      if (lastSeq > keptOfAttempt()) {
        // The same attempt is run again, so what it had written is not part of what comes now.
        output.add(new OutputPayload.Rewound(kept), 0);
      }
      var running = new ModelStep(gateway, output, kept);
      step = running;
      running.run(call, settings.retryPauses());
      if (running.failure() != null) {
        LOG.warn("{}: the model {} failed: {}", work.turn().id(), model, running.failure());
      }
      lastSeq = output.flush();
      return running;
    }
  }

  /** The number of the attempt's record behind which nothing is kept: its last checkpoint, or its first record. */
  private long keptOfAttempt() {
    return kept != null && kept.attempt() == work.turn().lastAttempt().number() ? kept.seq() : 1;
  }

  /** What arrived for this turn while it ran (spec T-66). Mostly nothing, and then nothing is written for it. */
  private ClaimRules.@Nullable AtCheckpoint arrived() {
    if (units.read(this::isQuiet)) {
      return null;
    }
    var holder = new ClaimRules.Holder(work.lease().fence(), node.ids().hex(32));
    return held(units.write(state -> ClaimRules.atCheckpoint(state, holder, work.turn().id(),
        work.turn().lastAttempt().number(), Boundary.BEFORE_COMPLETION, settings.limits(), clock.instant())));
  }

  /** Nothing waits, and nothing is claimed but the turn's start: an earlier checkpoint may have failed behind its claim. */
  private boolean isQuiet(State state) {
    WorkQueue queue = state.workQueue(worker.id());
    return queue.pendingInputs() == 0 && queue.queuedWork() == work.batches().size()
        && state.heldInputs(worker.id()).isEmpty();
  }

  private static <T> T held(Outcome<T> outcome) {
    if (outcome instanceof Outcome.Refused<T> refused) {
      throw new AttemptLostException(refused.reason());
    }
    return outcome.orThrow();
  }

  /** The step's answer and what arrived become part of the turn, which goes on from there whatever happens to it. */
  private void takeIn(ModelStep done, ClaimRules.AtCheckpoint arrived) {
    if (arrived.inputs() != null) {
      options = optionsOf(arrived.inputs().items(), options);
    }
    int attempt = work.turn().lastAttempt().number();
    var at = new TurnCommit.Subject.AtCheckpoint(work.turn().id(), attempt, commits + 1);
    var commit = new TurnCommit(work.lease().fence(), null, at, entries(done, TranscriptEntry.Status.FINAL),
        checkpoint().afterStep(done.usage()), done.usage(), arrived.completions(), null, lastSeq, false, null).hashed();
    Stamp.Result result = held(units.write(state -> CommitRules.commit(state, commit, clock.instant())));
    commits++;
    lastSeq = result.lastOutputSeq();
    kept = new OutputCursor(attempt, lastSeq);
    step = null;
  }

  private Checkpoint checkpoint() {
    return units.read(state -> state.session(worker.id())).checkpoint();
  }

  /** The end of a turn that was asked to cancel, with what the step under way had produced. */
  TurnCommit cancelled() {
    return end(new TurnOutcome.Cancelled(), null);
  }

  private TurnCommit end(TurnOutcome outcome, @Nullable String note) {
    var status = outcome instanceof TurnOutcome.Completed
        ? TranscriptEntry.Status.FINAL
        : TranscriptEntry.Status.PARTIAL;
    Usage usage = step == null ? Usage.NONE : step.usage();
    // What an interrupted step had gathered was still written, and nobody waited for its number.
    boolean interrupted = outcome instanceof TurnOutcome.Cancelled;
    var subject =
        new TurnCommit.Subject.Terminal(work.turn().id(), work.turn().lastAttempt().number(), outcome);
    return new TurnCommit(work.lease().fence(), null, subject, entries(step, status), checkpoint().afterTurn(usage),
        usage, work.completion(), null, interrupted ? null : lastSeq, true, note);
  }

  private static List<TurnCommit.Entry> entries(@Nullable ModelStep of, TranscriptEntry.Status status) {
    if (of == null || (of.answer().isEmpty() && status == TranscriptEntry.Status.PARTIAL)) {
      return List.of();
    }
    return List.of(new TurnCommit.Entry(TranscriptEntry.Role.ASSISTANT, of.answer(), status));
  }
}
