package dev.holdfast.application.relay.tasks;

import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.admission.Admissions;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.TrueEnd;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a kept task, on a thread of its own. What a publisher posts has settled the task by itself; what the node calls
 * is settled behind it.
 */
final class TaskRun implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final TaskDispatch dispatch;
  private final Relay relay;
  private final Kept of;
  private final InferenceTask task;
  private final Admissions.Place place;

  TaskRun(TaskDispatch dispatch, Relay relay, Kept of, InferenceTask claimed, Admissions.Place place) {
    this.dispatch = dispatch;
    this.relay = relay;
    this.of = of;
    this.task = claimed;
    this.place = place;
  }

  @Override
  public void run() {
    InferenceTask next = null;
    try (place) {
      of.meter.trying(place.provider().name());
      ProviderAnswer answer = relay.attempt(task, place.provider(), dispatch::settle).answer();
      if (answer.isWorthAnother() && !isOfLostLink(answer)) {
        of.tried(place.provider().name());
      }
      next = next(answer);
    } catch (InterruptedException e) {
      // It was cancelled, its time is over, or the node goes: whoever interrupted has settled it.
    } catch (RuntimeException e) {
      LOG.error("a task's attempt broke: {}", e.getClass().getSimpleName());
      next = TaskRules.failed(task, false, false, Reason.INTERNAL, null, dispatch.now());
    } finally {
      Thread.interrupted();
      dispatch.rests(task, of, next);
    }
  }

  private InferenceTask next(ProviderAnswer answer) throws InterruptedException {
    return switch (answer) {
      case ProviderAnswer.Streamed(AnswerStream stream) -> {
        try (stream) {
          yield read(stream);
        }
      }
      case ProviderAnswer.Whole whole -> {
        of.meter.count(whole);
        yield whole.isWorthAnother()
            ? lost(whole.note())
            : TaskRules.complete(task, whole.status(), whole.json(), dispatch.now());
      }
      case ProviderAnswer.Failed(boolean transport, Reason reason, String note) ->
        TaskRules.failed(task, transport, false, reason, note, dispatch.now());
    };
  }

  /** A publisher that comes back gets its tasks again at once (spec R-32). */
  private static boolean isOfLostLink(ProviderAnswer answer) {
    return answer instanceof ProviderAnswer.Failed failed && failed.reason() == Reason.PUBLISHER_DISCONNECTED;
  }

  private InferenceTask lost(String note) {
    return TaskRules.failed(task, true, false, Reason.PROVIDER_FAILED, note, dispatch.now());
  }

  private InferenceTask read(AnswerStream stream) throws InterruptedException {
    boolean finished = false;
    boolean begun = false;
    while (true) {
      Piece piece = stream.next(LOOK);
      of.meter.count(piece);
      switch (piece) {
        case Piece.Event(String data) -> {
          begun = true;
          finished = TrueEnd.isTold(finished, data);
          of.ring.add(task.epoch(), data);
        }
        case Piece.Ended _ -> {
          return ended(finished, begun, null);
        }
        case Piece.Broken(Reason reason, String note) -> {
          return reason == Reason.TASK_DEADLINE_EXCEEDED && !finished
              ? TaskRules.failed(task, false, false, reason, note, dispatch.now())
              : ended(finished, begun, note);
        }
        case Piece.Silent _ -> {
          // There may be more.
        }
      }
    }
  }

  private InferenceTask ended(boolean finished, boolean begun, @Nullable String note) {
    if (finished) {
      return TaskRules.complete(task, 200, null, dispatch.now());
    }
    Reason reason = begun ? Reason.UPSTREAM_CUT : Reason.PROVIDER_FAILED;
    return TaskRules.failed(task, !begun, false, reason, note, dispatch.now());
  }
}
