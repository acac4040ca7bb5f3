package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.contents.LaunchTransaction.Checkpoint;
import dev.holdfast.domain.integrity.contents.LaunchTransaction.Previous;
import dev.holdfast.domain.integrity.contents.LaunchTransaction.Status;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Active → ready once every step is passed; active → failed, cancelled, or reconciled by a later run (spec I-81). */
public final class LaunchRules {
  private LaunchRules() {}

  /** A new run's launch. One that a dead run left active is told as reconciled. */
  public static LaunchTransaction begin(@Nullable LaunchTransaction before, String runId) {
    Previous previous = before == null
        ? null
        : new Previous(before.runId(), before.status() == Status.ACTIVE ? Status.RECONCILED : before.status());
    return new LaunchTransaction(runId, Status.ACTIVE, List.of(), previous);
  }

  /**
   * A step was passed. The same step with the same evidence is a replay and keeps its time; with other evidence it was made
   * again, and the new evidence counts.
   *
   * @return launch_transaction_conflict with the status when the launch has ended, or with the step that came later
   * @throws IllegalArgumentException for run_ready, which {@link #markReady} passes
   */
  public static Outcome<LaunchTransaction> checkpoint(LaunchTransaction launch, Checkpoint passed) {
    if (passed.step() == LaunchStep.RUN_READY) {
      throw new IllegalArgumentException("run_ready is passed with the launch");
    }
    if (launch.status() != Status.ACTIVE) {
      return ended(launch);
    }
    if (launch.checkpoints().stream().anyMatch(known -> isSame(known, passed))) {
      return new Outcome.Replayed<>(launch);
    }
    List<Checkpoint> changed = new ArrayList<>(launch.checkpoints());
    int at = changed.stream().map(Checkpoint::step).toList().indexOf(passed.step());
    if (at >= 0) {
      changed.set(at, passed);
    } else if (!changed.isEmpty() && changed.getLast().step().compareTo(passed.step()) > 0) {
      return Outcome.refused(Reason.LAUNCH_TRANSACTION_CONFLICT, "step", changed.getLast().step().text());
    } else {
      changed.add(passed);
    }
    return new Outcome.Done<>(new LaunchTransaction(launch.runId(), launch.status(), changed, launch.previous()));
  }

  private static boolean isSame(Checkpoint known, Checkpoint passed) {
    return known.step() == passed.step() && known.evidence().equals(passed.evidence());
  }

  /** The steps that must be passed before the launch can be marked ready, in their order; empty when it can. */
  public static List<LaunchStep> missing(LaunchTransaction launch) {
    Set<LaunchStep> missing = EnumSet.complementOf(EnumSet.of(LaunchStep.RUN_READY));
    launch.checkpoints().forEach(passed -> missing.remove(passed.step()));
    return List.copyOf(missing);
  }

  /**
   * Passes run_ready.
   *
   * @return launch_transaction_conflict with the first missing step, or with the status when the launch has ended otherwise
   */
  public static Outcome<LaunchTransaction> markReady(LaunchTransaction launch, Checkpoint ready) {
    if (ready.step() != LaunchStep.RUN_READY) {
      throw new IllegalArgumentException("a launch ends with run_ready");
    }
    return switch (launch.status()) {
      case READY -> new Outcome.Replayed<>(launch);
      case FAILED, CANCELLED, RECONCILED -> ended(launch);
      case ACTIVE -> {
        List<LaunchStep> missing = missing(launch);
        if (!missing.isEmpty()) {
          yield Outcome.refused(Reason.LAUNCH_TRANSACTION_CONFLICT, "missing", missing.getFirst().text());
        }
        List<Checkpoint> all = new ArrayList<>(launch.checkpoints());
        all.add(ready);
        yield new Outcome.Done<>(new LaunchTransaction(launch.runId(), Status.READY, all, launch.previous()));
      }
    };
  }

  /** The launch came upon something that it can't go on with. */
  public static Outcome<LaunchTransaction> fail(LaunchTransaction launch) {
    return end(launch, Status.FAILED);
  }

  /** The node was told to stop before it was ready. */
  public static Outcome<LaunchTransaction> cancel(LaunchTransaction launch) {
    return end(launch, Status.CANCELLED);
  }

  private static Outcome<LaunchTransaction> end(LaunchTransaction launch, Status as) {
    if (launch.status() == as) {
      return new Outcome.Replayed<>(launch);
    }
    return launch.status() == Status.ACTIVE ? new Outcome.Done<>(launch.in(as)) : ended(launch);
  }

  private static Outcome<LaunchTransaction> ended(LaunchTransaction launch) {
    return Outcome.refused(Reason.LAUNCH_TRANSACTION_CONFLICT, "status", launch.status().text());
  }
}
