package dev.holdfast.domain.turns.scenarios;

import dev.holdfast.domain.turns.queue.WorkClass;
import dev.holdfast.domain.turns.scenarios.Phase.Checkpoint;
import dev.holdfast.domain.turns.scenarios.Phase.Commit;
import dev.holdfast.domain.turns.scenarios.Phase.CommitAfterRelease;
import dev.holdfast.domain.turns.scenarios.Phase.Deferral;
import dev.holdfast.domain.turns.scenarios.Phase.IdleTry;
import dev.holdfast.domain.turns.scenarios.Phase.Ingress;
import dev.holdfast.domain.turns.scenarios.Phase.Item;
import dev.holdfast.domain.turns.scenarios.Phase.Item.ActiveInput;
import dev.holdfast.domain.turns.scenarios.Phase.Item.Cancel;
import dev.holdfast.domain.turns.scenarios.Phase.Item.Command;
import dev.holdfast.domain.turns.scenarios.Phase.Item.Conflict;
import dev.holdfast.domain.turns.scenarios.Phase.Item.NextTurnInput;
import dev.holdfast.domain.turns.scenarios.Phase.Item.Replay;
import dev.holdfast.domain.turns.scenarios.Phase.Item.Wake;
import dev.holdfast.domain.turns.scenarios.Phase.LeadingCommandClaim;
import dev.holdfast.domain.turns.scenarios.Phase.Moment;
import dev.holdfast.domain.turns.scenarios.Phase.NextTurnInputClaim;
import dev.holdfast.domain.turns.scenarios.Phase.ReclaimDeadHolder;
import dev.holdfast.domain.turns.scenarios.Phase.StaleQueueCompletion;
import dev.holdfast.domain.turns.scenarios.Phase.TurnWorkClaim;
import java.util.List;

/** The scenarios of T-A1 to T-A9. */
final class NineScenarios {
  static final Scenario COMMAND_BEFORE_TURN_WORK = Scenario.of("command before turn work",
      ingress(List.of(WorkClass.SESSION_COMMAND, WorkClass.TURN_WORK),
          new Command("refresh"), new Wake("mail", "a letter came")),
      new LeadingCommandClaim(IdleTry.BLOCKED, 1),
      new Checkpoint(7, null),
      new TurnWorkClaim(Moment.IDLE, 1, null),
      new StaleQueueCompletion(),
      new Commit(true, 7L));

  static final Scenario COMMAND_ONLY = Scenario.of("command-only drain",
      ingress(List.of(WorkClass.SESSION_COMMAND), new Command("refresh")),
      new LeadingCommandClaim(IdleTry.BLOCKED, 1),
      new TurnWorkClaim(Moment.IDLE, 0, null),
      new Commit(true, null));

  static final Scenario INPUTS_STAY = Scenario.of("queued work leaves next inputs pending",
      ingress(List.of(WorkClass.TURN_WORK), new NextTurnInput("first", "one"), new Wake("mail", "a letter came"),
          new NextTurnInput("second", "two")),
      new TurnWorkClaim(Moment.IDLE, 1, List.of("first", "second")),
      new Commit(false, null));

  static final Scenario WAKE_AT_CHECKPOINT = Scenario.of("wake at an active checkpoint",
      ingress(List.of(WorkClass.TURN_WORK), new Wake("mail", "a letter came")),
      new TurnWorkClaim(Moment.ACTIVE_CHECKPOINT, 1, List.of()),
      new Commit(true, null));

  static final Scenario TWO_INPUTS = Scenario.of("two inputs in order",
      ingress(List.of(), new NextTurnInput("first", "one"), new NextTurnInput("second", "two")),
      new NextTurnInputClaim(List.of("first", "second"), List.of("one", "two"), true),
      new Commit(true, null));

  static final Scenario SOURCE_KEY = Scenario.of("source key replay",
      ingress(List.of(), new NextTurnInput("first", "one"), new Replay("first"), new Conflict("first", "two")),
      new NextTurnInputClaim(List.of("first"), List.of("one"), true),
      ingress(List.of(), new Replay("first"), new Conflict("first", "three")),
      new Commit(true, null));

  static final Scenario DEFERRAL = Scenario.of("checkpoint deferral and cancels",
      ingress(List.of(), new ActiveInput("before", "one"), new ActiveInput("after", "two"),
          new ActiveInput("after too", "three"), new Cancel("before")),
      new Checkpoint(3, new Deferral(List.of("after", "after too"), List.of("after too", "after"))),
      new NextTurnInputClaim(List.of(), List.of(), true),
      new Commit(true, 3L));

  static final Scenario COMMIT_AFTER_RELEASE = Scenario.of("commit after release",
      ingress(List.of(), new NextTurnInput("first", "one")),
      new NextTurnInputClaim(List.of("first"), List.of("one"), true),
      new CommitAfterRelease());

  static final Scenario DEAD_HOLDER = Scenario.of("dead-holder reclaim",
      ingress(List.of(WorkClass.TURN_WORK), new Wake("mail", "a letter came")),
      new ReclaimDeadHolder(),
      new TurnWorkClaim(Moment.IDLE, 1, null),
      new Commit(true, null));

  static final List<Scenario> ALL = List.of(COMMAND_BEFORE_TURN_WORK, COMMAND_ONLY, INPUTS_STAY, WAKE_AT_CHECKPOINT,
      TWO_INPUTS, SOURCE_KEY, DEFERRAL, COMMIT_AFTER_RELEASE, DEAD_HOLDER);

  private NineScenarios() {}

  private static Ingress ingress(List<WorkClass> classes, Item... items) {
    return new Ingress(List.of(items), classes);
  }
}
