package dev.holdfast.domain.turns.scenarios;

import java.util.List;

/** Which invariant each of the nine scenarios owns: the one that only it would find broken. */
final class CoverageTable {
  /** @param scenario the name */
  record Row(String scenario, String invariant) {}

  static final List<Row> ROWS = List.of(
      new Row("command before turn work", "a ready command gates the turn work behind it until a commit completes it"),
      new Row("command-only drain", "a command is no turn work, and needs no turn to be completed"),
      new Row("queued work leaves next inputs pending", "claiming queued work claims no input"),
      new Row("wake at an active checkpoint", "a wake of the earliest safe boundary joins the turn that runs"),
      new Row("two inputs in order", "inputs are claimed in their order, and listed by nobody while they are held"),
      new Row("source key replay", "one source key is one input, whatever its state"),
      new Row("checkpoint deferral and cancels",
          "what an interrupted turn leaves waits for the next one, or is cancelled"),
      new Row("commit after release", "a fence that was given back commits nothing"),
      new Row("dead-holder reclaim", "a dead holder's place is taken once, by a new generation"));

  private CoverageTable() {}
}
