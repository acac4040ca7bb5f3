package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.turns.ContextItem;
import dev.holdfast.domain.turns.ContextRules;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputPayload.Channel;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.profiles.Profile;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt of the built-in executor: a model call whose pieces become output records, and what to commit then. */
final class TurnRun {
  private static final Logger LOG = LoggerFactory.getLogger(TurnRun.class);
  private static final long MAX_CONTEXT_CHARACTERS = 8L << 20;
  private static final int MAX_ANSWER_CHARACTERS = 8 << 20;
  private static final int MAX_DELTA_CHARACTERS = 16 * 1024;

  private final UnitsOfWork units;
  private final Models models;
  private final ModelGateway gateway;
  private final InstantSource clock;
  private final ExecutorSettings settings;
  private final NextWork.Run work;
  private final Worker worker;
  private final Profile profile;
  private final StringBuilder answer = new StringBuilder();
  private @Nullable String note;
  private boolean produced;
  private long taken;
  private boolean broken;

  TurnRun(UnitsOfWork units, Models models, ModelGateway gateway, TurnExecutor.Node node, ExecutorSettings settings,
      NextWork.Run work) {
    this.units = units;
    this.models = models;
    this.gateway = gateway;
    this.clock = node.clock();
    this.settings = settings;
    this.work = work;
    this.worker = units.read(state -> state.worker(work.turn().session()).orElseThrow());
    // Once for the attempt, whose calls all begin anew with it: an answer is of one profile.
    this.profile = node.profiles().resolve(worker.profile());
  }

  /** An answer that can't grow further ends the call from within. */
  private static final class AnswerTooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Runs to the end of the model call; nothing is committed yet.
   *
   * @throws InterruptedException when the executor is to hand over
   * @throws AttemptLostException when the session is no longer held
   */
  TurnCommit run() throws InterruptedException {
    Outcome<Provider> provider = models.resolve(worker.model() == null ? profile.model() : worker.model());
    if (provider instanceof Outcome.Refused<Provider> refused) {
      return commit(new TurnOutcome.Failed(refused.reason()), Usage.NONE, null);
    }
    Outcome<List<ContextItem>> context = units.read(
        state -> ContextRules.context(state, work.turn(), profile.instructions(), MAX_CONTEXT_CHARACTERS));
    if (context instanceof Outcome.Refused<List<ContextItem>> refused) {
      return commit(new TurnOutcome.Failed(refused.reason()), Usage.NONE, null);
    }
    var call = new ModelCall(provider.orThrow(), context.orThrow().stream()
        .map(item -> new ModelCall.Message(item.role().text(), item.content())).toList(), options());
    try (var output = new OutputWriter(units, clock, work, settings.outputWindow())) {
      if (work.turn().lastAttempt().lastOutputSeq() > 1) {
        // The same attempt is run again, so what it had written is not part of what comes now.
        output.add(new OutputPayload.Rewound(null), 0);
      }
      ModelEnd end = callWithRetries(call, output);
      if (end instanceof ModelEnd.Failed(_, String why)) {
        LOG.warn("{}: the provider {} failed: {}", work.turn().id(), provider.orThrow().name(), why);
        note = why;
      }
      return commit(outcome(end), usage(end), output.flush());
    }
  }

  /** The options of the newest input that has any, over the profile's. */
  private Json options() {
    return profile.optionsUnder(work.inputs().reversed().stream().map(Input::options).filter(Objects::nonNull)
        .findFirst().orElse(null));
  }

  /** A failed or cut call is made again a few times; readers are told first to drop what came of it. */
  private ModelEnd callWithRetries(ModelCall call, OutputWriter output) throws InterruptedException {
    Iterator<Duration> pauses = settings.retryPauses().iterator();
    while (true) {
      ModelEnd end = call(call, output);
      boolean again = end instanceof ModelEnd.Cut || (end instanceof ModelEnd.Failed(boolean retry, _) && retry);
      if (!again || !pauses.hasNext()) {
        return end;
      }
      Thread.sleep(pauses.next());
      if (produced) {
        output.add(new OutputPayload.Rewound(null), 0);
        answer.setLength(0);
        produced = false;
        taken = 0;
      }
    }
  }

  private ModelEnd call(ModelCall call, OutputWriter output) throws InterruptedException {
    try {
      return gateway.call(call, (reasoning, text) -> take(output, reasoning, text));
    } catch (AnswerTooLong e) {
      return new ModelEnd.LengthReached(null);
    } catch (Interruption e) {
      throw new InterruptedException();
    } catch (AttemptLostException | StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("{}: the model gateway broke: {}", work.turn().id(), e.getClass().getSimpleName());
      broken = true;
      return new ModelEnd.Failed(false, "the gateway broke");
    }
  }

  /** A piece that is larger than a record should be becomes several. */
  private void take(OutputWriter output, boolean reasoning, String text) {
    Channel channel = reasoning ? Channel.REASONING : Channel.TEXT;
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + MAX_DELTA_CHARACTERS);
      // A pair of surrogates is one character, and stays in one record.
      to -= to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
      String piece = text.substring(from, to);
      try {
        output.add(new OutputPayload.Delta(channel, piece), piece.length());
      } catch (InterruptedException e) {
        throw new Interruption();
      }
      from = to;
    }
    produced = true;
    taken += text.length();
    if (!reasoning) {
      answer.append(text);
    }
    if (taken > MAX_ANSWER_CHARACTERS) {
      throw new AnswerTooLong();
    }
  }

  /** Carries an interruption out of the gateway's callback, which has no checked exceptions. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private TurnOutcome outcome(ModelEnd end) {
    return switch (end) {
      case ModelEnd.Finished _ -> new TurnOutcome.Completed();
      case ModelEnd.LengthReached _ -> new TurnOutcome.Incomplete(Reason.MAX_OUTPUT_TOKENS);
      case ModelEnd.Filtered _ -> new TurnOutcome.Incomplete(Reason.CONTENT_FILTERED);
      case ModelEnd.Cut _ -> produced
          ? new TurnOutcome.Incomplete(Reason.UPSTREAM_CUT)
          : new TurnOutcome.Failed(Reason.PROVIDER_FAILED);
      case ModelEnd.Failed _ -> new TurnOutcome.Failed(broken ? Reason.EXECUTOR_FAILED : Reason.PROVIDER_FAILED);
    };
  }

  private static Usage usage(ModelEnd end) {
    ModelEnd.Tokens tokens = switch (end) {
      case ModelEnd.Finished(ModelEnd.Tokens t) -> t;
      case ModelEnd.LengthReached(ModelEnd.Tokens t) -> t;
      case ModelEnd.Filtered(ModelEnd.Tokens t) -> t;
      case ModelEnd.Cut _,ModelEnd.Failed _ -> null;
    };
    return tokens == null ? Usage.NONE : new Usage(tokens.input(), tokens.output());
  }

  private TurnCommit commit(TurnOutcome outcome, Usage usage, @Nullable Long lastOutputSeq) {
    var status = outcome instanceof TurnOutcome.Completed
        ? TranscriptEntry.Status.FINAL
        : TranscriptEntry.Status.PARTIAL;
    boolean empty = answer.isEmpty() && status == TranscriptEntry.Status.PARTIAL;
    List<TurnCommit.Entry> entries = empty
        ? List.of()
        : List.of(new TurnCommit.Entry(TranscriptEntry.Role.ASSISTANT, answer.toString(), status));
    var end = new TurnCommit.Subject.Terminal(work.turn().id(), work.turn().lastAttempt().number(), outcome);
    return new TurnCommit(work.lease().fence(), null, end, entries,
        units.read(state -> state.session(work.turn().session())).checkpoint().afterTurn(usage), usage,
        work.completion(), null, lastOutputSeq, true, note);
  }
}
