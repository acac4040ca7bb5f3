package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every contract and acceptance suite stands on: a fresh store for each test, a clock and ids that the test controls,
 * and short words for what users and executors do, all of it through the real rules.
 */
public abstract class StoreSuite {
  protected static final RuntimeId RUNTIME = new RuntimeId("rt-0123456789abcdef");
  protected static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  protected static final String SUBJECT = "default";

  /** Executors of two nodes, and a later start of the first. */
  protected static final Owner HERE = Owner.builtin("node-a", 1);
  protected static final Owner HERE_AGAIN = Owner.builtin("node-a", 2);
  protected static final Owner ELSEWHERE = Owner.builtin("node-b", 1);

  protected static final WorkerLimits LIMITS = WorkerLimits.DEFAULT;
  protected static final TurnLimits TURN_LIMITS = TurnLimits.DEFAULT;

  private @Nullable Store store;
  private Instant now = START;
  private long drawn;

  /** A new, empty store. */
  protected abstract Store open();

  /** Closes the store and opens what it left behind. */
  protected Store reopen(Store closing) {
    throw new UnsupportedOperationException("a store that isn't durable has nothing to open again");
  }

  /** Whether what is written outlives the store. A backend that switches this off does so knowingly. */
  protected boolean isDurable() {
    return true;
  }

  @BeforeEach
  protected final void openFresh() {
    store = open();
  }

  @AfterEach
  protected final void closeStore() {
    store().close();
  }

  protected final Store store() {
    return Objects.requireNonNull(store, "the store is opened before each test");
  }

  /** Goes on with a store that was closed and opened again; the rest of the test is left out where that can't be. */
  protected final void reopenStore() {
    assumeTrue(isDurable(), "this backend forgets, knowingly");
    store = reopen(store());
  }

  /** The check holds now and, where the backend is durable, when the store was opened again. */
  protected final void nowAndAfterReopen(Runnable check) {
    check.run();
    if (isDurable()) {
      store = reopen(store());
      check.run();
    }
  }

  protected final Instant now() {
    return now;
  }

  protected final void pass(Duration time) {
    now = now.plus(time);
  }

  /** Ids that never repeat within a test and are the same in each run of it. */
  protected final Ids ids() {
    return digits -> {
      String number = Long.toHexString(++drawn);
      return "0".repeat(Math.max(0, digits - number.length())) + number;
    };
  }

  protected final <T> Outcome<T> write(Rule<T> rule) {
    return store().write(rule);
  }

  /** Writes what can't be refused here. */
  protected final <T> T done(Rule<T> rule) {
    return store().write(rule).orThrow();
  }

  /** Writes changes as they are, for what no rule writes yet or for values that a rule can't be made to write. */
  protected final void put(Change... changes) {
    write(_ -> Decision.done("", List.of(changes))).orThrow();
  }

  protected final <T> T read(Function<? super State, T> query) {
    return store().read(query);
  }

  /** Expects a refusal that changes nothing at all. */
  protected final <T> Outcome.Refused<T> refused(Reason reason, Rule<T> rule) {
    String before = read(StateText::of);
    Outcome<T> outcome = write(rule);
    assertEquals(before, read(StateText::of), "a refusal changes nothing");
    return refusal(reason, outcome);
  }

  @SuppressWarnings("unchecked")
  protected static <T> Outcome.Refused<T> refusal(Reason reason, Outcome<T> outcome) {
    Outcome.Refused<T> refused = assertInstanceOf(Outcome.Refused.class, outcome);
    assertEquals(reason, refused.reason());
    return refused;
  }

  protected final void openRuntime() {
    done(state -> WorkerRules.open(state, RUNTIME, "test", RuntimeLimits.DEFAULT, now));
  }

  protected static WorkerRules.Caller caller() {
    return new WorkerRules.Caller(SUBJECT, null, null);
  }

  protected final Worker create(CreateWorker request) {
    return done(state -> WorkerRules.create(state, request, caller(), LIMITS, now));
  }

  /** A plain worker, in a runtime that is opened when it isn't yet. */
  protected final WorkerId worker() {
    openRuntime();
    return create(CreateWorker.of(new WorkerIntent.Assistant(null))).id();
  }

  protected static InputDraft system(String content) {
    return new InputDraft(InputKind.SYSTEM, content, null, new Ingress.NextTurn(), null);
  }

  protected final Input send(WorkerId worker, String content) {
    return send(worker, InputDraft.user(content));
  }

  protected final Input send(WorkerId worker, InputDraft draft) {
    return done(state -> InputRules.accept(state, Sender.to(worker), draft, LIMITS, now)).input();
  }

  protected final Worker end(WorkerId worker, LifecycleRules.Ending ending) {
    return done(state -> LifecycleRules.end(state, Sender.to(worker), ending, null, now));
  }

  protected final Rule<NextWork> taking(WorkerId session, Owner by) {
    String token = ids().hex(32);
    var claimant = new Claimant(by, token, TURN_LIMITS.leaseTtl());
    return state -> WorkRules.take(state, session, claimant, TURN_LIMITS, now);
  }

  /** Takes a session that has a turn to run. */
  protected final NextWork.Run take(WorkerId session, Owner by) {
    return assertInstanceOf(NextWork.Run.class, done(taking(session, by)));
  }

  protected final long append(NextWork.Run run, long firstSeq, String... texts) {
    List<OutputPayload> deltas = Arrays.stream(texts)
        .<OutputPayload>map(text -> new OutputPayload.Delta(OutputPayload.Channel.TEXT, text)).toList();
    return done(state -> AppendRules.append(
        state, run.lease().fence(), run.turn().id(), run.turn().lastAttempt().number(), firstSeq, deltas, now))
        .lastSeq();
  }

  /** The terminal commit that completes the run's turn with one entry and gives the lease back. */
  protected static TurnCommit completing(NextWork.Run run, String text) {
    return ending(run, new TurnOutcome.Completed(), text, TranscriptEntry.Status.FINAL);
  }

  protected static TurnCommit ending(
      NextWork.Run run, TurnOutcome outcome, String text, TranscriptEntry.Status status) {
    var usage = new Usage(3, 5);
    var subject = new TurnCommit.Subject.Terminal(run.turn().id(), run.turn().lastAttempt().number(), outcome);
    return new TurnCommit(run.lease().fence(), null, subject,
        List.of(new TurnCommit.Entry(TranscriptEntry.Role.ASSISTANT, text, status)),
        Checkpoint.INITIAL.afterTurn(usage), usage, run.completion(), null, null, true, null);
  }

  protected final Rule<Stamp.Result> committing(TurnCommit commit) {
    return state -> CommitRules.commit(state, commit, now);
  }

  /** Runs the session's next turn to its end. */
  protected final NextWork.Run runTurn(WorkerId session, String answer) {
    NextWork.Run run = take(session, HERE);
    append(run, 2, answer);
    done(committing(completing(run, answer)));
    return run;
  }

  protected final Lease.Held held(WorkerId session) {
    return assertInstanceOf(Lease.Held.class, read(state -> state.lease(session)));
  }

  /** The whole decision that a rule makes on the store's present state, without carrying it out. */
  protected final <T> Decision<T> decide(Rule<T> rule) {
    return read(rule::decide);
  }
}
