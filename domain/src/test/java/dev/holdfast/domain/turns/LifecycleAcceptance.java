package dev.holdfast.domain.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.SessionView.Activity;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.TranscriptRules;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Stopping and cancelling workers, stopping and starting the runtime, as spec workers §14 wants it of every backend. */
public abstract class LifecycleAcceptance extends StoreSuite {

  private RuntimeState runtime() {
    return read(state -> state.runtime()).orElseThrow();
  }

  private Worker detail(WorkerId id) {
    return read(state -> state.worker(id)).orElseThrow();
  }

  private RuntimeState stopRuntime() {
    return done(state -> LifecycleRules.stopRuntime(state, null, null, now()));
  }

  private RuntimeState startRuntime() {
    return done(state -> LifecycleRules.startRuntime(state, null, null, now()));
  }

  private List<Event> named(EventName name) {
    return read(state -> state.events(1, 1000, null)).stream().filter(event -> event.name() == name).toList();
  }

  private Activity activity(WorkerId worker) {
    return read(state -> SessionView.of(state, worker, now())).activity();
  }

  @Test
  @DisplayName("W-A7 stop one, cancel one: counts 2/0/1/1")
  void counts() {
    WorkerId one = worker();
    WorkerId other = worker();
    end(one, Ending.STOP);
    end(other, Ending.CANCEL);

    nowAndAfterReopen(() -> {
      assertEquals(new RuntimeState.WorkerCounts(0, 1, 1, 0), runtime().counts());
      assertEquals(2, runtime().counts().total());
    });
  }

  @Test
  @DisplayName("W-A8 stop then cancel: stopped, same event id, one worker.stopped, no worker.cancelled")
  void stopThenCancel() {
    endTwice(Ending.STOP, Ending.CANCEL, WorkerStatus.STOPPED, EventName.WORKER_STOPPED, EventName.WORKER_CANCELLED);
  }

  @Test
  @DisplayName("W-A9 cancel then stop: cancelled, same event id, one worker.cancelled, no worker.stopped")
  void cancelThenStop() {
    endTwice(Ending.CANCEL, Ending.STOP, WorkerStatus.CANCELLED, EventName.WORKER_CANCELLED, EventName.WORKER_STOPPED);
  }

  private void endTwice(Ending first, Ending then, WorkerStatus status, EventName told, EventName untold) {
    WorkerId worker = worker();
    Worker ended = end(worker, first);
    assertEquals(status, ended.status());

    nowAndAfterReopen(() -> {
      assertEquals(ended, end(worker, then));
      assertEquals(ended, end(worker, first));
      assertEquals(ended, detail(worker));
      assertEquals(List.of(ended.lastEventId()), named(told).stream().map(Event::id).toList());
      assertEquals(List.of(), named(untold));
    });
  }

  @Test
  @DisplayName("the event's note is the caller's, else it says what happened")
  void notes() {
    WorkerId one = worker();
    WorkerId other = worker();
    end(one, Ending.STOP);
    done(state -> LifecycleRules.end(state, Sender.to(other), Ending.CANCEL, "no longer needed", now()));
    stopRuntime();

    assertEquals("worker stopped", named(EventName.WORKER_STOPPED).getFirst().note());
    assertEquals("no longer needed", named(EventName.WORKER_CANCELLED).getFirst().note());
    assertEquals("runtime " + RUNTIME + " stopped", named(EventName.RUNTIME_STOPPED).getFirst().note());
  }

  @Test
  @DisplayName("W-A13 stop_runtime twice: same event id, one event; workers stopped without own events; create, input,"
      + " stop, cancel are runtime_stopped, also on finished workers; all reads work")
  void runtimeStops() {
    WorkerId running = worker();
    WorkerId finished = worker();
    Input pending = send(running, "never taken");
    end(finished, Ending.CANCEL);
    long lastOfRunning = detail(running).lastEventId();

    RuntimeState stopped = stopRuntime();

    nowAndAfterReopen(() -> {
      assertEquals(stopped, stopRuntime());
      assertEquals(List.of(stopped.statusEventId()), named(EventName.RUNTIME_STOPPED).stream().map(Event::id).toList());
      assertEquals(WorkerStatus.STOPPED, detail(running).status());
      assertEquals(lastOfRunning, detail(running).lastEventId());
      assertEquals(WorkerStatus.CANCELLED, detail(finished).status());
      assertEquals(List.of(), named(EventName.WORKER_STOPPED));
      assertEquals(new RuntimeState.WorkerCounts(0, 1, 1, 0), runtime().counts());
      assertEquals(new InputState.Cancelled(), read(state -> state.input(pending.id())).orElseThrow().state());
      for (WorkerId worker : List.of(running, finished)) {
        assertRefusedWhileStopped(worker);
      }
      refused(Reason.RUNTIME_STOPPED, state -> WorkerRules.create(
          state, CreateWorker.of(new WorkerIntent.Assistant(null)), caller(), LIMITS, now()));
    });
  }

  private void assertRefusedWhileStopped(WorkerId worker) {
    refused(Reason.RUNTIME_STOPPED,
        state -> InputRules.accept(state, Sender.to(worker), InputDraft.user("hello"), LIMITS, now()));
    for (Ending ending : Ending.values()) {
      refused(Reason.RUNTIME_STOPPED,
          state -> LifecycleRules.end(state, Sender.to(worker), ending, null, now()));
    }
    assertEquals(detail(worker), read(state -> WorkerRules.find(state, RUNTIME, worker, SUBJECT)).orThrow());
    assertEquals(detail(worker).transcriptLength(),
        read(state -> TranscriptRules.project(state, null, worker, Reach.ALL, 0, 10)).orThrow().totalItems());
    assertTrue(read(state -> state.events(1, 10, worker)).size() > 0);
    assertEquals(Activity.IDLE, activity(worker));
  }

  @Test
  @DisplayName("W-A14 start after stop: second runtime.started, old workers stay stopped, a new worker can be created with"
      + " the next id")
  void runtimeStarts() {
    WorkerId old = worker();
    stopRuntime();
    RuntimeState started = startRuntime();
    assertEquals(started, startRuntime());

    nowAndAfterReopen(() -> {
      assertEquals(RuntimeStatus.RUNNING, runtime().status());
      assertEquals(2, named(EventName.RUNTIME_STARTED).size());
      assertEquals(started.statusEventId(), named(EventName.RUNTIME_STARTED).getLast().id());
      assertEquals(WorkerStatus.STOPPED, detail(old).status());
    });
    assertEquals(old.number() + 1, worker().number());
  }

  @Test
  @DisplayName("W-A26 input to a stopped, cancelled, quarantined worker: reasons; no entry, no event")
  void inputToFinished() {
    WorkerId stopped = worker();
    WorkerId cancelled = worker();
    Worker damaged = detail(worker());
    end(stopped, Ending.STOP);
    end(cancelled, Ending.CANCEL);
    // No rule finds damage yet; the status is there for the day that one does.
    put(new WorkerChange.Moved(damaged.ended(WorkerStatus.QUARANTINED, damaged.lastEventId())));

    assertEquals("stopped", sendRefused(stopped, Reason.WORKER_NOT_RUNNING));
    assertEquals("cancelled", sendRefused(cancelled, Reason.WORKER_NOT_RUNNING));
    sendRefused(damaged.id(), Reason.WORKER_QUARANTINED);
    for (Ending ending : Ending.values()) {
      refused(Reason.WORKER_QUARANTINED,
          state -> LifecycleRules.end(state, Sender.to(damaged.id()), ending, null, now()));
    }
  }

  private Object sendRefused(WorkerId worker, Reason reason) {
    return refused(reason,
        state -> InputRules.accept(state, Sender.to(worker), InputDraft.user("hello"), LIMITS, now()))
        .facts().getOrDefault("worker_status", "");
  }

  @Test
  @DisplayName("W-A31 stop worker with pending inputs: they are cancelled, an open turn finishes; cancel worker: the open turn gets"
      + " a cancel request")
  void pendingAreCancelled() {
    for (Ending ending : Ending.values()) {
      WorkerId worker = worker();
      Input taken = send(worker, "taken");
      NextWork.Run run = take(worker, HERE);
      Input user = send(worker, "pending");
      Input system = send(worker, system("pending too"));
      long inputEvents = named(EventName.WORKER_INPUT_CANCELLED).size();

      Worker ended = end(worker, ending);

      nowAndAfterReopen(() -> {
        assertEquals(new InputState.Cancelled(), read(state -> state.input(user.id())).orElseThrow().state());
        assertEquals(new InputState.Cancelled(), read(state -> state.input(system.id())).orElseThrow().state());
        assertInstanceOf(InputState.Bound.class, read(state -> state.input(taken.id())).orElseThrow().state());
        assertEquals(0, read(state -> state.workQueue(worker)).pendingInputs());
        assertEquals(inputEvents, named(EventName.WORKER_INPUT_CANCELLED).size());
        assertEquals(3, detail(worker).transcriptLength(), "entries stay");
      });
      boolean asked = ending == Ending.CANCEL;
      assertEquals(asked, read(state -> state.turn(run.turn().id())).orElseThrow().isCancelRequested());
      append(run, 2, "goes on");
      if (asked) {
        refused(Reason.CANCEL_WON, committing(completing(run, "goes on")));
      }
      done(committing(asked
          ? ending(run, new TurnOutcome.Cancelled(), "goes on", TranscriptEntry.Status.PARTIAL)
          : completing(run, "goes on")));
      assertEquals(new InputState.Completed(run.turn().id(), 1),
          read(state -> state.input(taken.id())).orElseThrow().state());
      assertEquals(ended.status(), detail(worker).status());
      assertInstanceOf(NextWork.None.class, done(taking(worker, HERE)));
    }
  }

  @Test
  @DisplayName("an open turn of a stopped worker is taken up again by a later attempt")
  void stoppedWorkersTurnIsResumed() {
    WorkerId worker = worker();
    send(worker, "taken");
    take(worker, HERE);
    stopRuntime();

    NextWork.Run again = take(worker, HERE_AGAIN);
    assertEquals(2, again.turn().lastAttempt().number());
    done(committing(completing(again, "finished")));
    assertEquals(WorkerStatus.STOPPED, detail(worker).status());
  }

  @Test
  @DisplayName("W-A33 activity: interrupted is shown as soon as the lease of an open turn is gone (never running)")
  void activities() {
    WorkerId worker = worker();
    assertEquals(Activity.IDLE, activity(worker));
    send(worker, "hello");
    assertEquals(Activity.QUEUED, activity(worker));
    NextWork.Run run = take(worker, HERE);
    assertEquals(Activity.RUNNING, activity(worker));

    pass(TURN_LIMITS.leaseTtl().minusNanos(1000));
    assertEquals(Activity.RUNNING, activity(worker));
    pass(TURN_LIMITS.leaseTtl());
    nowAndAfterReopen(() -> assertEquals(Activity.INTERRUPTED, activity(worker)));

    NextWork.Run next = take(worker, ELSEWHERE);
    assertEquals(Activity.RUNNING, activity(worker));
    assertTrue(next.lease().generation() > run.lease().generation());
    done(state -> SessionRules.release(state, next.lease().fence(), now()));
    nowAndAfterReopen(() -> assertEquals(Activity.INTERRUPTED, activity(worker)));

    NextWork.Run last = take(worker, HERE);
    done(committing(completing(last, "done")));
    nowAndAfterReopen(() -> assertEquals(Activity.IDLE, activity(worker)));
  }
}
