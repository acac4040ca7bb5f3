package dev.holdfast.domain.integrity.pruning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.events.EventBatch;
import dev.holdfast.domain.events.EventCursor;
import dev.holdfast.domain.events.EventGap;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.EventRules;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.exports.Export;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.cancels.InputCancels;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueRules;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Projection;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.TranscriptRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What retention takes, and what it leaves (spec I-90, W-70). */
public abstract class PruneAcceptance extends KernelSuite {
  private static final AuditKey KEY = new AuditKey("5a".repeat(32));

  @BeforeEach
  void begin() {
    openRuntime();
  }

  private static PruneRequest all(Instant before) {
    return new PruneRequest(before, before, before, before, before, before, before);
  }

  private static PruneRequest tombstones(Instant before) {
    return new PruneRequest(null, null, null, before, null, null, null);
  }

  private static PruneRequest events(Instant before) {
    return new PruneRequest(before, null, null, null, null, null, null);
  }

  private Prunable look(PruneRequest request) {
    var survey = new PruneSurvey(request);
    while (read(survey::look)) {
      // Until there is nothing more to look at.
    }
    return survey.found();
  }

  private Prunable prune(PruneRequest request) {
    Prunable found = look(request);
    found.workers().forEach(marks -> done(state -> PruneRules.ofWorker(state, marks)));
    Instant diagnostics = request.diagnosticsBefore();
    while (diagnostics != null && done(state -> PruneRules.ofDiagnostics(state, diagnostics))) {
      // Until there are no more.
    }
    done(state -> PruneRules.ofRuntime(state, found, "key-1", now()));
    return found;
  }

  private long lastEvent() {
    return read(EventReads::lastEventId);
  }

  private long lastPruned() {
    return read(EventReads::lastPrunedEvent);
  }

  private Instant later() {
    pass(Duration.ofSeconds(1));
    return now();
  }

  private static InputDraft keyed(String text, String key) {
    return new InputDraft(InputKind.USER, text, null, new Ingress.NextTurn(), key);
  }

  private static BatchDraft keyedWake(String text, String key) {
    return new BatchDraft(List.of(Payload.Wake.of("mail", 1, text)), null, null, key);
  }

  private Turn answered(WorkerId worker, String text) {
    NextWork.Run run = take(worker, HERE);
    append(run, 2, "so ", "much");
    done(committing(completing(run, text)));
    return present(run.turn());
  }

  private EventBatch batch(long next) {
    return read(state -> EventRules.read(state, RUNTIME, new EventCursor(RUNTIME, next), 256, 256, null)).orThrow();
  }

  private Projection transcript(WorkerId worker, long start) {
    return read(state -> TranscriptRules.project(state, null, worker, Reach.ALL, start, 2)).orThrow();
  }

  @Test
  @DisplayName("I-A35 prune: dry run changes nothing; open turns and pending inputs stay; cursors see the gap; "
      + "freed source keys usable")
  void prune() {
    WorkerId busy = worker();
    send(busy, keyed("first", "k"));
    Turn ended = answered(busy, "an answer");
    long lastOfEnded = lastEvent();
    Input pending = send(busy, keyed("second", "k2"));
    NextWork.Run open = take(busy, HERE);
    append(open, 2, "half");
    Input waiting = send(busy, keyed("third", "k3"));
    Instant before = later();

    String text = read(StateText::of);
    PruneCounts counts = look(all(before)).counts();
    nowAndAfterReopen(() -> assertEquals(text, read(StateText::of), "a look changes nothing"));
    assertEquals(new PruneCounts(lastOfEnded, 0, outputs(ended), 1, 0, 0, 0, counts.diagnostics()), counts);

    prune(all(before));
    nowAndAfterReopen(() -> {
      assertEquals(lastOfEnded, lastPruned());
      assertTrue(read(state -> state.turn(open.turn().id())).orElseThrow().isOpen());
      assertEquals(2, output(open.turn()).size());
      assertEquals(List.of("first", "an answer", "second"), context(open.turn()));
      assertEquals("second", present(pending).content());
      assertEquals("third", present(waiting).content());
      assertTrue(read(state -> state.input(ended.inputs().getFirst())).isEmpty());
      assertEquals(List.of(), output(ended));

      EventBatch page = batch(2);
      assertEquals(new EventGap(1, lastOfEnded, EventGap.Why.PRUNED), page.gap());
      assertEquals(lastOfEnded + 1, page.events().getFirst().id());
      assertEquals(page.events().getLast().id() + 1, page.cursor().nextEventId());
      assertNull(batch(lastOfEnded + 1).gap(), "a cursor behind the gap works on");
    });
    assertEquals(EventName.STORE_PRUNED, batch(lastOfEnded + 1).events().getLast().name());
    Input again = send(busy, keyed("another text", "k"));
    assertNotEquals(ended.inputs().getFirst(), again.id());
    nowAndAfterReopen(() -> assertEquals(again.id(),
        read(state -> state.inputBySourceKey(busy, "k")).orElseThrow().id()));
  }

  private static long outputs(Turn turn) {
    return turn.lastAttempt().lastOutputSeq();
  }

  @Test
  @DisplayName("T-A23 queued work with a known key and other payload conflicts, also after completion, until prune; "
      + "prune counts")
  void keysOfQueuedWork() {
    WorkerId worker = worker();
    Batch first = done(enqueueing(worker, keyedWake("one", "k")));
    Batch cancelled = done(enqueueing(worker, keyedWake("two", "k2")));
    done(state -> QueueRules.cancel(state,
        Sender.to(worker), cancelled.id(), now()));
    answered(worker, "done");
    Instant before = later();
    for (String key : List.of("k", "k2")) {
      assertRefused(Reason.SOURCE_KEY_CONFLICT, write(enqueueing(worker, keyedWake("other", key))));
    }
    assertEquals(2, prune(tombstones(before)).counts().batches());
    assertEquals(0, look(tombstones(before)).counts().batches(), "none is counted twice");
    for (String key : List.of("k", "k2")) {
      Batch other = done(enqueueing(worker, keyedWake("other", key)));
      assertTrue(other.enqueueSeq() > cancelled.enqueueSeq(), "numbers are not given again");
      nowAndAfterReopen(() -> assertEquals(other.id(),
          read(state -> state.batchBySourceKey(worker, key)).orElseThrow().id()));
    }
    nowAndAfterReopen(() -> assertTrue(read(state -> state.batch(first.id())).isEmpty()));
  }

  private static void assertRefused(Reason reason, Outcome<?> outcome) {
    assertTrue(outcome instanceof Outcome.Refused<?> refused && refused.reason() == reason, outcome::toString);
  }

  @Test
  @DisplayName("what is exactly as old as the instant stays, and a prefix ends with the first row that does")
  void strictly() {
    WorkerId worker = worker();
    Instant here = later();
    send(worker, keyed("at the instant", "k"));
    done(state -> InputCancels.cancelFrom(state,
        Sender.to(worker),
        new InputCancels.Target.BySourceKey("k"), now()));
    long last = lastEvent();
    assertEquals(0, look(tombstones(here)).counts().inputs());
    assertEquals(2, look(events(here)).eventsUpTo(), "runtime.started and worker.created");
    Instant next = here.plusNanos(1_000);
    assertEquals(1, look(tombstones(next)).counts().inputs());
    assertEquals(last, look(events(next)).eventsUpTo());
  }

  @Test
  @DisplayName("W-70 a pruned transcript's positions stay, pages begin at the first kept one and say so, and the worker's "
      + "feed stays whole")
  void transcripts() {
    WorkerId worker = worker();
    send(worker, keyed("old", "k"));
    Turn turn = answered(worker, "old answer");
    Instant before = later();
    send(worker, keyed("new", "k2"));
    answered(worker, "new answer");
    var request = new PruneRequest(null, before, null, null, null, null, null);
    assertEquals(0, look(request).counts().transcriptEntries(), "a running worker's transcript stays");
    end(worker, LifecycleRules.Ending.STOP);
    List<Long> feed = read(state -> state.events(1, 100, worker)).stream().map(event -> event.id()).toList();
    assertEquals(2, prune(request).counts().transcriptEntries());
    nowAndAfterReopen(() -> {
      Projection page = transcript(worker, 0);
      assertEquals(2L, page.firstStart());
      assertEquals(4, page.totalItems());
      assertEquals(List.of(3L, 4L), page.items().stream().map(entry -> entry.sequence()).toList());
      assertNull(page.nextStart());
      assertEquals(List.of("new answer"), transcript(worker, 3).items().stream().map(e -> e.content()).toList());
      assertEquals(List.of(), context(turn), "of what a turn of a finished worker was shown nothing is left");
      assertEquals(feed, read(state -> state.events(1, 100, worker)).stream().map(event -> event.id()).toList());
      assertTrue(read(state -> state.inputBySourceKey(worker, "k")).isEmpty());
      assertTrue(read(state -> state.inputBySourceKey(worker, "k2")).isPresent());
    });
  }

  @Test
  @DisplayName("A-94 a pruned audit is a chain behind its anchor, and goes on")
  void audit() {
    for (int i = 0; i < 5; i++) {
      sealed();
      pass(Duration.ofSeconds(1));
    }
    Instant before = now().minusSeconds(2);
    prune(new PruneRequest(null, null, null, null, null, before, null));
    sealed();
    nowAndAfterReopen(() -> {
      AuditHead anchor = read(state -> state.auditAnchor());
      assertEquals(3, anchor.seq());
      List<AuditRecord> left = read(state -> state.audit(0, 100, null, null));
      assertEquals(List.of(4L, 5L, 6L), left.stream().map(AuditRecord::seq).toList());
      AuditHead head = read(state -> state.auditHead());
      assertEquals(new AuditRules.Checked(head, null),
          AuditRules.check(KEY, anchor, left, new AuditRules.Expected(head, null)));
    });
  }

  private void sealed() {
    var caller = new AuditEntry.Caller("0".repeat(32), null, null, "s", null);
    put(new AccessChange.Audited(read(state -> AuditRules.seal(KEY, state.auditHead(),
        new AuditEntry(caller, "worker.stop", null, 200, null, 1), now()))));
  }

  @Test
  @DisplayName("old diagnostics are dropped and counted as dropped")
  void diagnostics() {
    worker();
    Instant before = later();
    worker();
    List<Diagnostic> all = read(state -> state.diagnostics(0, 100, null, null));
    long dropped = counts().dropped();
    long old = all.stream().filter(diagnostic -> diagnostic.at().isBefore(before)).count();
    assertTrue(old > 0 && old < all.size());
    prune(new PruneRequest(null, null, null, null, null, null, before));
    nowAndAfterReopen(() -> {
      assertEquals(all.subList((int) old, all.size()), read(state -> state.diagnostics(0, 100, null, null)));
      assertEquals(dropped + old, counts().dropped());
    });
  }

  private RuntimeState.DiagnosticCounts counts() {
    return read(state -> state.runtime()).orElseThrow().diagnostics();
  }

  @Test
  @DisplayName("nothing to prune writes nothing, and what was pruned once is not found again")
  void nothing() {
    worker();
    String text = read(StateText::of);
    prune(all(START));
    assertEquals(text, read(StateText::of));
    Instant before = later();
    assertFalse(prune(all(before)).counts().isNothing());
    String pruned = read(StateText::of);
    prune(all(before));
    assertEquals(pruned, read(StateText::of));
    assertEquals(read(Export::sum), read(Export::sum));
  }

  @Test
  @DisplayName("the whole feed can go, and its ids go on")
  void wholeFeed() {
    worker();
    long last = lastEvent();
    prune(events(later()));
    nowAndAfterReopen(() -> {
      EventBatch page = batch(1);
      assertEquals(new EventGap(1, last, EventGap.Why.PRUNED), page.gap());
      assertEquals(List.of(last + 1), page.events().stream().map(event -> event.id()).toList());
    });
    prune(events(later()));
    nowAndAfterReopen(() -> assertEquals(last + 2, lastEvent()));
    assertEquals(number(worker()), 2);
  }

  @Test
  @DisplayName("I-13 a store that was compacted holds what it held, and goes on")
  void compacted() {
    WorkerId ended = worker();
    for (int i = 0; i < 30; i++) {
      send(ended, keyed("input " + i, "k" + i));
      answered(ended, "an answer " + i);
    }
    end(ended, LifecycleRules.Ending.STOP);
    WorkerId running = worker();
    send(running, keyed("first", "k"));
    answered(running, "an answer");
    Instant before = later();
    sealed();
    Input waiting = send(running, keyed("second", "k2"));
    prune(all(before));
    for (int time = 0; time < 2; time++) {
      String text = read(StateText::of);
      store().compact();
      nowAndAfterReopen(() -> assertEquals(text, read(StateText::of)));
      assertEquals(waiting.id(), present(waiting).id());
      send(running, keyed("more", "more" + time));
    }
    NextWork.Run run = take(running, HERE);
    nowAndAfterReopen(() -> assertEquals(List.of("first", "an answer", "second", "more", "more"),
        context(present(run.turn()))));
  }

  private static long number(@Nullable WorkerId worker) {
    return Objects.requireNonNull(worker).number();
  }
}
