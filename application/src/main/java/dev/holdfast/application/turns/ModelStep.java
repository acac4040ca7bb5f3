package dev.holdfast.application.turns;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputPayload.Channel;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One step of a turn: a model call, made again when it fails in a way that may pass, whose pieces become output records. */
final class ModelStep {
  private static final Logger LOG = LoggerFactory.getLogger(ModelStep.class);
  private static final int MAX_ANSWER_CHARACTERS = 8 << 20;
  private static final int MAX_DELTA_CHARACTERS = 16 * 1024;

  private final ModelGateway gateway;
  private final OutputWriter output;
  private final @Nullable OutputCursor kept;
  private final StringBuilder answer = new StringBuilder();
  private boolean produced;
  private long taken;
  private boolean broken;
  private @Nullable ModelEnd end;

  /** @param kept up to which readers keep the turn's text when the call is made again */
  ModelStep(ModelGateway gateway, OutputWriter output, @Nullable OutputCursor kept) {
    this.gateway = gateway;
    this.output = output;
    this.kept = kept;
  }

  /** An answer that can't grow further ends the call from within. */
  private static final class AnswerTooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Carries an interruption out of the gateway's callback, which has no checked exceptions. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A failed or cut call is made again a few times; readers are told first to drop what came of it.
   *
   * @throws InterruptedException when the turn is cancelled, lost, or to be handed over; the call has ended then
   * @throws AttemptLostException when the session is no longer held
   */
  void run(ModelCall call, List<Duration> retryPauses) throws InterruptedException {
    Iterator<Duration> pauses = retryPauses.iterator();
    while (true) {
      ModelEnd ended = call(call);
      boolean again = ended instanceof ModelEnd.Cut || (ended instanceof ModelEnd.Failed(boolean retry, _) && retry);
      if (!again || !pauses.hasNext()) {
        end = ended;
        return;
      }
      Thread.sleep(pauses.next());
      if (produced) {
        output.add(new OutputPayload.Rewound(kept), 0);
        answer.setLength(0);
        produced = false;
        taken = 0;
      }
    }
  }

  private ModelEnd call(ModelCall call) throws InterruptedException {
    try {
      return gateway.call(call, this::take);
    } catch (AnswerTooLong e) {
      return new ModelEnd.LengthReached(null);
    } catch (Interruption e) {
      throw new InterruptedException();
    } catch (AttemptLostException | StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("the model gateway broke: {}", e.getClass().getSimpleName());
      broken = true;
      return new ModelEnd.Failed(false, "the gateway broke");
    }
  }

  /** A piece that is larger than a record should be becomes several. */
  private void take(boolean reasoning, String text) {
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

  /** What the model has answered so far, but for its reasoning. */
  String answer() {
    return answer.toString();
  }

  /** Why the call failed, in words; null when it didn't. */
  @Nullable
  String failure() {
    return end instanceof ModelEnd.Failed(_, String why) ? why : null;
  }

  /** How a turn ends whose last step this is. */
  TurnOutcome outcome() {
    return switch (end) {
      case ModelEnd.Finished _ -> new TurnOutcome.Completed();
      case ModelEnd.LengthReached _ -> new TurnOutcome.Incomplete(Reason.MAX_OUTPUT_TOKENS);
      case ModelEnd.Filtered _ -> new TurnOutcome.Incomplete(Reason.CONTENT_FILTERED);
      case ModelEnd.Cut _ -> produced
          ? new TurnOutcome.Incomplete(Reason.UPSTREAM_CUT)
          : new TurnOutcome.Failed(Reason.PROVIDER_FAILED);
      case ModelEnd.Failed _ -> new TurnOutcome.Failed(broken ? Reason.EXECUTOR_FAILED : Reason.PROVIDER_FAILED);
      case null -> throw new IllegalStateException("the step hasn't ended");
    };
  }

  Usage usage() {
    ModelEnd.Tokens tokens = switch (end) {
      case ModelEnd.Finished(ModelEnd.Tokens t) -> t;
      case ModelEnd.LengthReached(ModelEnd.Tokens t) -> t;
      case ModelEnd.Filtered(ModelEnd.Tokens t) -> t;
      case ModelEnd.Cut _,ModelEnd.Failed _ -> null;
      case null -> null;
    };
    return tokens == null ? Usage.NONE : new Usage(tokens.input(), tokens.output());
  }
}
