package dev.holdfast.application.integrity;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.contents.LaunchRules;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.LaunchStep;
import dev.holdfast.domain.integrity.contents.LaunchTransaction;
import dev.holdfast.domain.integrity.contents.LaunchTransaction.Checkpoint;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Invariants;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.Readiness;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One launch of a node over its stores' files (spec I-70 to I-81): inspected, recovered, restamped for the present run, and at
 * last marked ready. What the node does itself in between, it tells by {@link #passed}. Each step that finds the stores blocked
 * isn't passed; the node serves health and doctor then, and runs no executor. For one thread.
 */
public final class StoreLaunch {
  private final StoreFiles stores;
  private final StoreContents made;
  private final Node node;
  private final Ids ids;
  private final InstantSource clock;
  private LaunchTransaction transaction;

  /**
   * Whose launch it is.
   *
   * @param dataDirId of store.json
   * @param identities of the present run
   * @param fresh whether no launch has written the directory's stores yet, so that it may have none
   */
  public record Node(String dataDirId, Identities identities, boolean fresh) {}

  /** To be made when the epoch is advanced. A launch that a dead run left active is told as reconciled. */
  public StoreLaunch(StoreFiles stores, Rebuilding sources, Node node, Ids ids, InstantSource clock) {
    this.stores = stores;
    this.made = new StoreContents(sources);
    this.node = node;
    this.ids = ids;
    this.clock = clock;
    this.transaction = LaunchRules.begin(before(), node.identities().runId());
  }

  private @Nullable LaunchTransaction before() {
    return stores.survey() instanceof Survey.Read read ? read.contents().launch() : null;
  }

  /** The steps that must be passed before {@link #ready}; empty when nothing is missing. */
  public List<LaunchStep> missing() {
    return LaunchRules.missing(transaction);
  }

  /**
   * The node made a step.
   *
   * @param evidence what it found or made; the same again changes nothing
   * @throws IllegalStateException when a later step was passed before
   */
  public void passed(LaunchStep step, Json evidence) {
    transaction = LaunchRules.checkpoint(transaction, checkpoint(step, evidence)).orThrow();
  }

  private Checkpoint checkpoint(LaunchStep step, Json evidence) {
    return new Checkpoint(step, ContentHash.of(evidence.text().getBytes(StandardCharsets.UTF_8)), clock.instant());
  }

  /** I-73: the stores against the manifest's own identities. A store that is blocked here may be mended by {@link #recover}. */
  public Readiness inspect() {
    if (node.fresh()) {
      passed(LaunchStep.STORE_INSPECTED, Json.object("fresh", true));
      return Readiness.WHOLE;
    }
    Readiness readiness = Readiness.of(plan(null), List.of());
    passed(LaunchStep.STORE_INSPECTED, readiness.json());
    return readiness;
  }

  /** What {@link #recover} did, and what there is then. */
  public record Mended(List<StepTaken> steps, Readiness readiness) {
    public Mended {
      steps = List.copyOf(steps);
    }
  }

  /** I-74: what can be done without asking anybody. */
  public Mended recover() {
    return recover(Consents.NONE);
  }

  /** As {@link #recover()}, with an operator's word; again and again while the stores are blocked, and when the run is ready. */
  public Mended recover(Consents consents) {
    // Where nothing has begun yet, nothing is missing.
    Recovered recovered = isFreshStill()
        ? new Recovered(List.of(), plan(null))
        : stores.recover(consents, node.identities(), clock.instant());
    Readiness readiness = isFreshStill() ? Readiness.WHOLE : Readiness.of(recovered.planning(), List.of());
    if (isUnderWay() && !readiness.refusesMutations()) {
      Json steps = Json.object("steps", recovered.steps().stream().map(StepTaken::json).toList());
      passed(LaunchStep.BATCHES_RESOLVED, steps);
      passed(LaunchStep.STORE_RECOVERED, steps);
    }
    return new Mended(recovered.steps(), readiness);
  }

  /** Whether the run isn't ready yet. */
  public boolean isUnderWay() {
    return transaction.status() == LaunchTransaction.Status.ACTIVE;
  }

  /** A first launch that was cut off leaves some stores, or a batch that never came to be. */
  private boolean isFreshStill() {
    return node.fresh() && stores.survey() instanceof Survey.Read read && read.unresolved().isEmpty()
        && read.looks().stream().map(look -> look.inspected().state())
            .allMatch(state -> state == StoreState.HEALTHY || state == StoreState.MISSING);
  }

  /** I-77: what the node can do is found out, and is what the run's identities say. */
  public void discovered() {
    passed(LaunchStep.CAPABILITIES_DISCOVERED, Json.object("capability_snapshot_id",
        node.identities().capabilitySnapshotId()));
  }

  /**
   * I-78: all stores are written under the run's identities, and held against them and one another.
   *
   * @throws StoreException store_corrupt when they can't be made or written
   */
  public Readiness restamp() {
    passed(LaunchStep.RESTAMPED, Json.object("run_id", node.identities().runId(), "high_watermark",
        stores.highWatermark() + 1));
    write(BatchReason.LAUNCH_CHECKPOINT, contents(LaunchState.Aggregate.LAUNCHING));
    return standing(node.identities());
  }

  private SequencedMap<Descriptor, Json> contents(LaunchState.Aggregate aggregate) {
    SequencedMap<Descriptor, Json> contents =
        made.contents(node.identities(), transaction, stores.survey() instanceof Survey.Read read ? read : null);
    contents.computeIfPresent(Descriptors.LAUNCH_STATE,
        (_, written) -> LaunchState.read(JsonMembers.of(written)).in(aggregate).json());
    return contents;
  }

  /** What is there, held against these identities and one another. */
  private Readiness standing(@Nullable Identities expected) {
    Survey survey = stores.survey();
    return Readiness.of(plan(survey, expected), Invariants.broken(survey, made.journalEnd()));
  }

  /**
   * I-80: the run is ready.
   *
   * @return launch_transaction_conflict with the first missing step
   * @throws StoreException store_corrupt when it can't be written
   */
  public Outcome<LaunchTransaction> ready() {
    Outcome<LaunchTransaction> ready = LaunchRules.markReady(transaction,
        checkpoint(LaunchStep.RUN_READY, Json.object("run_id", node.identities().runId())));
    if (ready instanceof Outcome.Done<LaunchTransaction>(LaunchTransaction done)) {
      SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
      contents.put(Descriptors.LAUNCH_STATE, launchState().in(LaunchState.Aggregate.READY).json());
      contents.put(Descriptors.LAUNCH_TRANSACTION, done.json());
      write(BatchReason.LAUNCH_CHECKPOINT, contents);
      transaction = done;
    }
    return ready;
  }

  private LaunchState launchState() {
    LaunchState written = stores.survey() instanceof Survey.Read read ? read.contents().launchState() : null;
    if (written == null) {
      throw StoreException.unusable(Reason.STORE_MISSING, "the launch state is missing behind the launch");
    }
    return written;
  }

  /** I-82: all stores tell how the run that was ready has stopped. A launch that never was is left to the next one. */
  public void stop() {
    if (transaction.status() == LaunchTransaction.Status.READY) {
      write(BatchReason.STOP_TOMBSTONE, contents(LaunchState.Aggregate.STOPPED));
    }
  }

  private void write(BatchReason reason, SequencedMap<Descriptor, Json> contents) {
    Outcome<Batch> written = stores.write(reason, node.identities(), contents, clock.instant());
    if (written instanceof Outcome.Refused<Batch> refused) {
      throw StoreException.unusable(Reason.STORE_CORRUPT,
          "the stores could not be written: " + refused.reason().code() + " " + refused.facts());
    }
  }

  private Planning plan(@Nullable Identities expected) {
    return plan(stores.survey(), expected);
  }

  private Planning plan(Survey survey, @Nullable Identities expected) {
    Instant now = clock.instant();
    return Planner.plan(survey, new Planner.Asked(PlanId.random(ids), node.dataDirId(), expected, now));
  }
}
