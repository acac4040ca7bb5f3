package dev.holdfast.domain.integrity.contents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.contents.LaunchTransaction.Checkpoint;
import dev.holdfast.domain.integrity.contents.LaunchTransaction.Status;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.turns.machines.TransitionTable;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec integrity §10: one launch of the node. */
public class LaunchMachineTest {
  public static final TransitionTable TABLE = TransitionTable.of("Launch transaction", """
      * active
        next step passed: done
        last step passed again: no change
        last step passed with other evidence: done
        earlier step passed late: launch_transaction_conflict
        mark ready, all passed: done → ready
        mark ready, one missing: launch_transaction_conflict
        fail: done → failed
        cancel: done → cancelled
        a later run begins: done → reconciled
      ready
        next step passed: launch_transaction_conflict
        last step passed again: launch_transaction_conflict
        last step passed with other evidence: launch_transaction_conflict
        earlier step passed late: launch_transaction_conflict
        mark ready, all passed: no change
        mark ready, one missing: no change
        fail: launch_transaction_conflict
        cancel: launch_transaction_conflict
        a later run begins: done
      failed
        next step passed: launch_transaction_conflict
        last step passed again: launch_transaction_conflict
        last step passed with other evidence: launch_transaction_conflict
        earlier step passed late: launch_transaction_conflict
        mark ready, all passed: launch_transaction_conflict
        mark ready, one missing: launch_transaction_conflict
        fail: no change
        cancel: launch_transaction_conflict
        a later run begins: done
      cancelled
        next step passed: launch_transaction_conflict
        last step passed again: launch_transaction_conflict
        last step passed with other evidence: launch_transaction_conflict
        earlier step passed late: launch_transaction_conflict
        mark ready, all passed: launch_transaction_conflict
        mark ready, one missing: launch_transaction_conflict
        fail: launch_transaction_conflict
        cancel: no change
        a later run begins: done
      reconciled
        next step passed: launch_transaction_conflict
        last step passed again: launch_transaction_conflict
        last step passed with other evidence: launch_transaction_conflict
        earlier step passed late: launch_transaction_conflict
        mark ready, all passed: launch_transaction_conflict
        mark ready, one missing: launch_transaction_conflict
        fail: launch_transaction_conflict
        cancel: launch_transaction_conflict
        a later run begins: done
      """);

  private static final ContentHash OTHER = ContentHash.of(new byte[] {1});

  static Stream<TransitionTable.Row> rows() {
    return TABLE.rows().stream();
  }

  @Test
  @DisplayName("the table has every state and every command, once")
  void whole() {
    TABLE.assertWhole();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("§10 a launch, by its state and what happens")
  @MethodSource("rows")
  void transition(TransitionTable.Row row) {
    LaunchTransaction before = arrange(row);
    if (row.command().equals("a later run begins")) {
      LaunchTransaction later = LaunchRules.begin(before, "epoch-2");
      assertEquals(Status.ACTIVE, later.status());
      assertEquals(new LaunchTransaction.Previous("epoch-1", status(row.then())), later.previous());
      return;
    }
    Outcome<LaunchTransaction> outcome = play(before, row.command());
    assertEquals(row.answer(), switch (outcome) {
      case Outcome.Done<LaunchTransaction> _ -> "done";
      case Outcome.Replayed<LaunchTransaction> _ -> "no change";
      case Outcome.Refused<LaunchTransaction> refused -> refused.reason().code();
    });
    LaunchTransaction after = outcome instanceof Outcome.Refused<?> ? before : outcome.orThrow();
    assertEquals(status(row.then()), after.status());
  }

  private static Status status(String text) {
    return Arrays.stream(Status.values()).filter(status -> status.text().equals(text)).findFirst().orElseThrow();
  }

  private static LaunchTransaction arrange(TransitionTable.Row row) {
    LaunchTransaction launch = LaunchRules.begin(null, "epoch-1");
    for (LaunchStep step : EnumSet.complementOf(EnumSet.of(LaunchStep.RUN_READY))) {
      boolean skipped = switch (step) {
        case EXECUTORS_STARTED -> row.command().equals("next step passed");
        case MIGRATED -> row.command().equals("earlier step passed late");
        case KEYS_LOADED -> row.command().equals("mark ready, one missing");
        default -> false;
      };
      if (!skipped) {
        launch = LaunchRules.checkpoint(launch, passed(step)).orThrow();
      }
    }
    return launch.in(status(row.state()));
  }

  private static Outcome<LaunchTransaction> play(LaunchTransaction launch, String command) {
    return switch (command) {
      case "next step passed", "last step passed again" ->
        LaunchRules.checkpoint(launch, passed(LaunchStep.EXECUTORS_STARTED));
      case "last step passed with other evidence" -> LaunchRules.checkpoint(launch,
          new Checkpoint(LaunchStep.EXECUTORS_STARTED, OTHER, HealthyContents.NOW));
      case "earlier step passed late" -> LaunchRules.checkpoint(launch, passed(LaunchStep.MIGRATED));
      case "mark ready, all passed", "mark ready, one missing" ->
        LaunchRules.markReady(launch, passed(LaunchStep.RUN_READY));
      case "fail" -> LaunchRules.fail(launch);
      case "cancel" -> LaunchRules.cancel(launch);
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static Checkpoint passed(LaunchStep step) {
    return new Checkpoint(step, HealthyContents.HASH, HealthyContents.NOW);
  }

  @Test
  @DisplayName("I-81 the steps that a launch still misses are told in their order")
  void missing() {
    LaunchTransaction launch = LaunchRules.begin(null, "epoch-1");
    assertEquals(List.of("directory_checked", "lock_taken", "epoch_advanced", "store_inspected", "batches_resolved",
        "store_recovered", "migrated", "journal_replayed", "leftovers_cleared", "capabilities_discovered", "restamped",
        "keys_loaded", "routes_opened", "executors_started"), texts(launch));
    launch = LaunchRules.checkpoint(launch, passed(LaunchStep.DIRECTORY_CHECKED)).orThrow();
    launch = LaunchRules.checkpoint(launch, passed(LaunchStep.EPOCH_ADVANCED)).orThrow();
    assertEquals(List.of("lock_taken", "store_inspected"), texts(launch).subList(0, 2));
    assertEquals(List.of(), texts(HealthyContents.launch(HealthyContents.identities(1))));
  }

  private static List<String> texts(LaunchTransaction launch) {
    return LaunchRules.missing(launch).stream().map(LaunchStep::text).toList();
  }

  @Test
  @DisplayName("I-81 a repeated checkpoint keeps the time of the first; other evidence takes its place")
  void repeated() {
    var first = passed(LaunchStep.DIRECTORY_CHECKED);
    LaunchTransaction launch = LaunchRules.checkpoint(LaunchRules.begin(null, "epoch-1"), first).orThrow();
    var later = new Checkpoint(first.step(), first.evidence(), first.at().plusSeconds(1));
    assertEquals(new Outcome.Replayed<>(launch), LaunchRules.checkpoint(launch, later));
    var other = new Checkpoint(first.step(), OTHER, first.at().plusSeconds(1));
    assertEquals(List.of(other), LaunchRules.checkpoint(launch, other).orThrow().checkpoints());
  }

  @Test
  @DisplayName("I-81 a launch that a dead run left active is told as reconciled by the next one, and only by the next")
  void reconciled() {
    LaunchTransaction second = LaunchRules.begin(LaunchRules.begin(null, "epoch-1"), "epoch-2");
    assertEquals(Status.RECONCILED, previous(second).status());
    LaunchTransaction third = LaunchRules.begin(LaunchRules.fail(second).orThrow(), "epoch-3");
    assertEquals(new LaunchTransaction.Previous("epoch-2", Status.FAILED), previous(third));
  }

  private static LaunchTransaction.Previous previous(LaunchTransaction launch) {
    LaunchTransaction.@Nullable Previous previous = launch.previous();
    return Objects.requireNonNull(previous);
  }
}
