package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.inputs.InputAck;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store promises: units of work that are whole, serial, durable when answered, and independent. */
@Timeout(120)
public abstract class StoreContract extends StoreSuite {

  /** One runtime-level event whose id is the next. */
  private Rule<Long> oneEvent() {
    return state -> {
      long id = state.lastEventId() + 1;
      return Decision.done(id, List.of(event(id)));
    };
  }

  private EventChange event(long id) {
    return new EventChange.Appended(
        new Event(id, null, EventName.RUNTIME_STARTED, now(), null, Json.EMPTY_OBJECT, null));
  }

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static <T> Rule<T> throwing(RuntimeException thrown) {
    return _ -> {
      throw thrown;
    };
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> answers = new ArrayList<>();
      for (Future<T> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new AssertionError("a call failed", e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("a new store is empty and says which backend it is")
  void newStoreIsEmpty() {
    assertTrue(read(State::runtime).isEmpty());
    assertEquals(0, read(State::lastEventId));
    assertEquals(0, read(State::keyCount));
    assertTrue(Set.of("memory", "filesystem", "sqlite").contains(store().backend()));
  }

  @Test
  @DisplayName("what was answered is read by the next read and seen by the next rule")
  void readsItsWrites() {
    for (long id = 1; id <= 20; id++) {
      assertEquals(id, done(oneEvent()));
      assertEquals(id, read(State::lastEventId));
    }
  }

  @Test
  @DisplayName("the outcome of the decision is the answer, and a refusal or a replay changes nothing")
  void outcomeIsTheAnswer() {
    Outcome<Object> refused = write(_ -> Decision.refused(Outcome.refused(Reason.QUEUE_FULL, "max", 3)));
    Outcome<String> replayed = write(_ -> Decision.replayed("known"));
    Outcome<String> unchanged = write(_ -> Decision.unchanged("same"));

    assertEquals(Outcome.refused(Reason.QUEUE_FULL, "max", 3), refused);
    assertEquals(new Outcome.Replayed<>("known"), replayed);
    assertEquals(new Outcome.Done<>("same"), unchanged);
    assertEquals(0, read(State::lastEventId));
  }

  @Test
  @DisplayName("a replay may carry changes, and they are made")
  void replayWithChanges() {
    Outcome<String> outcome = write(_ -> new Decision<>(new Outcome.Replayed<>("known"), List.of(event(1))));

    assertEquals(new Outcome.Replayed<>("known"), outcome);
    assertEquals(1, read(State::lastEventId));
  }

  @Test
  @DisplayName("what a rule throws reaches its caller unchanged, and the store goes on as if it had not been called")
  void ruleThrows() {
    WorkerId worker = worker();
    String before = read(StateText::of);
    var thrown = new Broken();

    assertSame(thrown, assertThrows(Broken.class, () -> write(throwing(thrown))));
    assertEquals(before, read(StateText::of));
    send(worker, "goes on");
  }

  @Test
  @DisplayName("a rule may not write: that is refused, and takes nothing from the rule's own unit or from the next")
  void ruleWrites() {
    String before = read(StateText::of);
    assertThrows(IllegalStateException.class, () -> write(_ -> Decision.done(done(oneEvent()), List.of())));
    assertEquals(before, read(StateText::of));

    Rule<Long> caught = state -> {
      assertThrows(IllegalStateException.class, () -> write(oneEvent()));
      return oneEvent().decide(state);
    };
    assertEquals(1, done(caught));
    assertEquals(2, done(oneEvent()));
    assertEquals(2, read(State::lastEventId));
  }

  @Test
  @DisplayName("what a query throws reaches its caller unchanged")
  void queryThrows() {
    var thrown = new Broken();

    assertSame(thrown, assertThrows(Broken.class, () -> read(_ -> {
      throw thrown;
    })));
    assertEquals(1, done(oneEvent()));
  }

  @Test
  @DisplayName("a unit of work is made whole or not at all, also when its last change can't be made")
  void unitIsWhole() {
    done(oneEvent());
    String before = read(StateText::of);

    // The second event has the id of an event that is there already.
    assertThrows(RuntimeException.class, () -> write(_ -> Decision.done("", List.of(event(2), event(1)))));

    assertEquals(before, read(StateText::of));
    assertEquals(2, done(oneEvent()));
  }

  @Test
  @DisplayName("units of many threads are serial: each is decided on the state behind the one before")
  void unitsAreSerial() {
    int threads = 8;
    int total = 400;
    int each = total / threads;
    List<Callable<List<Long>>> calls = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      calls.add(() -> IntStream.range(0, each).mapToObj(_ -> done(oneEvent())).toList());
    }

    List<List<Long>> answers = atOnce(calls);

    List<Long> dense = LongStream.rangeClosed(1, total).boxed().toList();
    assertEquals(dense, answers.stream().flatMap(List::stream).sorted().toList());
    answers.forEach(own -> assertEquals(own.stream().sorted().toList(), own, "a caller's units keep their order"));
    assertEquals(dense, read(state -> state.events(1, total + 1, null)).stream().map(Event::id).toList());
  }

  @Test
  @DisplayName("a unit that is refused or throws takes nothing from those that are made beside it")
  void neighboursAreIndependent() {
    int rounds = 120;
    List<Callable<Outcome<Long>>> calls = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      int kind = round % 3;
      calls.add(() -> switch (kind) {
        case 0 -> write(oneEvent());
        case 1 -> write(_ -> Decision.refused(Reason.QUEUE_FULL));
        default -> {
          assertThrows(Broken.class, () -> write(throwing(new Broken())));
          yield Outcome.refused(Reason.INTERNAL);
        }
      });
    }

    List<Outcome<Long>> answers = atOnce(calls);

    List<Long> made = answers.stream().filter(Outcome.Done.class::isInstance).map(Outcome::orThrow).sorted().toList();
    assertEquals(LongStream.rangeClosed(1, rounds / 3).boxed().toList(), made);
    assertEquals(rounds / 3, read(State::lastEventId));
  }

  @Test
  @DisplayName("a reader never sees half a unit of work")
  void readersSeeWholeUnits() throws Exception {
    WorkerId worker = worker();
    var finished = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> reader = threads.submit(() -> {
        int looks = 0;
        while (looks == 0 || finished.getCount() > 0) {
          read(this::assertOnePoint);
          looks++;
        }
        return looks;
      });
      for (int i = 0; i < 100; i++) {
        send(worker, "input " + i);
      }
      finished.countDown();
      assertTrue(reader.get() > 0);
    }
  }

  /** The four records of an accepted input are all there or none is. */
  private int assertOnePoint(State state) {
    var worker = state.workers(0, 1, null, null).getFirst();
    int inputs = state.inputs(worker.id(), 0, 1000, null).size();
    assertEquals(inputs, state.transcript(worker.id(), 0, 1000).size());
    assertEquals(inputs, worker.transcriptLength());
    assertEquals(inputs, state.workQueue(worker.id()).pendingInputs());
    assertEquals(state.lastEventId(), worker.lastEventId());
    return inputs;
  }

  @Test
  @DisplayName("W-A24 two threads sending 1,000 inputs each to 10 workers: event ids and each worker's sequences are dense")
  void denseIdsUnderConcurrency() {
    openRuntime();
    List<WorkerId> workers = IntStream.range(0, 10).mapToObj(_ -> worker()).toList();
    long before = read(State::lastEventId);
    Callable<Integer> sending = () -> {
      for (int i = 0; i < 1000; i++) {
        WorkerId to = workers.get(i % 10);
        Outcome<InputAck> answer =
            write(state -> InputRules.accept(state, Sender.to(to), InputDraft.user("hello"), LIMITS, now()));
        assertTrue(answer instanceof Outcome.Done<InputAck>);
      }
      return 1000;
    };

    atOnce(List.of(sending, sending));

    List<Event> events = read(state -> state.events(1, 3000, null));
    assertEquals(LongStream.rangeClosed(1, before + 2000).boxed().toList(), events.stream().map(Event::id).toList());
    for (WorkerId worker : workers) {
      List<TranscriptEntry> entries = read(state -> state.transcript(worker, 0, 1000));
      assertEquals(LongStream.rangeClosed(1, 200).boxed().toList(),
          entries.stream().map(TranscriptEntry::sequence).toList());
      assertEquals(200, read(state -> state.workQueue(worker)).lastEnqueueSeq());
    }
  }

  @Test
  @DisplayName("callers wait their turn while a unit of work takes long, and then all are answered")
  void callersWaitTheirTurn() throws Exception {
    var inRule = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome<Long>> slow = threads.submit(() -> write(waiting(inRule, goOn)));
      inRule.await();
      List<Future<Long>> others = IntStream.range(0, 64).mapToObj(_ -> threads.submit(() -> done(oneEvent()))).toList();
      goOn.countDown();
      assertEquals(1, slow.get().orThrow());
      List<Long> ids = new ArrayList<>();
      for (Future<Long> other : others) {
        ids.add(other.get());
      }
      assertEquals(LongStream.rangeClosed(2, 65).boxed().toList(), ids.stream().sorted().toList());
    }
  }

  private Rule<Long> waiting(CountDownLatch inRule, CountDownLatch goOn) {
    return state -> {
      inRule.countDown();
      assertDoesNotThrow(() -> goOn.await());
      return oneEvent().decide(state);
    };
  }

  @Test
  @DisplayName("closing waits for the unit under way, which is answered truthfully")
  void closingWaits() throws Exception {
    var inRule = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome<Long>> writer = threads.submit(() -> write(waiting(inRule, goOn)));
      inRule.await();
      Future<?> closer = threads.submit(() -> store().close());
      goOn.countDown();
      assertEquals(1, writer.get().orThrow());
      closer.get();
    }
    reopenStore();
    assertEquals(1, read(State::lastEventId));
  }

  @Test
  @DisplayName("a closed store refuses everything but to be closed again")
  void closedStoreRefuses() {
    done(oneEvent());
    store().close();
    store().close();

    assertThrows(StoreException.class, () -> write(oneEvent()));
    assertThrows(StoreException.class, () -> read(State::lastEventId));
  }

  @Test
  @DisplayName("opening again gives the same answers to everything, and the next ids follow")
  void reopeningKeepsEverything() {
    WorkerId worker = worker();
    send(worker, "first");
    runTurn(worker, "an answer with \u00e9, \ud83d\ude00 and \"quotes\"");
    send(worker, "pending");
    WorkerId stopped = worker();
    send(stopped, "never taken");
    end(stopped, LifecycleRules.Ending.STOP);
    WorkerId busy = worker();
    send(busy, "taken");
    append(take(busy, HERE), 2, "half an");
    String before = read(StateText::of);
    long last = read(State::lastEventId);

    reopenStore();

    assertEquals(before, read(StateText::of));
    assertEquals(RuntimeStatus.RUNNING, read(State::runtime).orElseThrow().status());
    assertEquals(last + 1, send(worker, "next").eventId());
    assertEquals(busy.number() + 1, worker().number());
  }
}
