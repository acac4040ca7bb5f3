package dev.holdfast.domain.turns.scenarios;

import dev.holdfast.domain.turns.queue.WorkClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a scenario, with what has to be true behind it. */
public sealed interface Phase {

  /** Where turn work is claimed. */
  enum Moment {
    IDLE,
    /** In the middle of a turn, which the runner opens if none is. */
    ACTIVE_CHECKPOINT
  }

  /** Whether turn work is tried at idle before the leading command, and what comes of it. */
  enum IdleTry {
    NONE,
    /** The command in front keeps it from being claimed. */
    BLOCKED,
    FREE
  }

  /**
   * Work and inputs arrive, are repeated and are cancelled.
   *
   * @param classes of the queued work that waits behind it, in order
   */
  record Ingress(List<Item> items, List<WorkClass> classes) implements Phase {
    public Ingress {
      items = List.copyOf(items);
      classes = List.copyOf(classes);
    }
  }

  /** @param count commands that are claimed, 0 or 1 */
  record LeadingCommandClaim(IdleTry idle, int count) implements Phase {}

  /** Commits the turn index and a command that is held; the inputs of the active turn may be deferred with it. */
  record Checkpoint(long turnIndex, @Nullable Deferral deferral) implements Phase {}

  /**
   * @param count batches that are claimed
   * @param pendingInputs those that wait as before, or null for no matter
   */
  record TurnWorkClaim(Moment moment, int count, @Nullable List<String> pendingInputs) implements Phase {}

  /**
   * @param aliases of the inputs that are claimed, in order; empty where there is nothing to claim
   * @param texts of the same
   * @param listedEmpty whether none is listed as waiting while they are claimed
   */
  record NextTurnInputClaim(List<String> aliases, List<String> texts, boolean listedEmpty) implements Phase {
    public NextTurnInputClaim {
      aliases = List.copyOf(aliases);
      texts = List.copyOf(texts);
    }
  }

  /** A holder dies, and its place is taken. */
  record ReclaimDeadHolder() implements Phase {}

  /** A commit whose claim token isn't the claim's. */
  record StaleQueueCompletion() implements Phase {}

  /** The final commit, and once more under the fence that was given back. */
  record CommitAfterRelease() implements Phase {}

  /**
   * The final commit: completes every claim that is held, and gives the lease back.
   *
   * @param inputsEmpty whether no input waits behind it
   * @param turnIndex of the session behind it, or null for no matter
   */
  record Commit(boolean inputsEmpty, @Nullable Long turnIndex) implements Phase {}

  /**
   * The active turn is interrupted.
   *
   * @param pending the inputs that wait behind it
   * @param cancels those of them that are cancelled then, after which nothing is left to claim
   */
  record Deferral(List<String> pending, List<String> cancels) {}

  /** Something that arrives. Its alias is its source key, too. */
  sealed interface Item {
    String alias();

    record Command(String alias) implements Item {}

    record Wake(String alias, String text) implements Item {}

    record NextTurnInput(String alias, String text) implements Item {}

    /** Goes into the active turn, which the runner opens if none is. */
    record ActiveInput(String alias, String text) implements Item {}

    /** The same input again. */
    record Replay(String alias) implements Item {}

    /** Another text under the key of an input. */
    record Conflict(String alias, String text) implements Item {}

    record Cancel(String alias) implements Item {}
  }

  /** Whether nothing can come behind it. */
  default boolean releases() {
    return this instanceof Commit || this instanceof CommitAfterRelease;
  }

  /** Whether the scenario's owner holds the session from here on. */
  default boolean needsLease() {
    return switch (this) {
      case LeadingCommandClaim _,Checkpoint _,TurnWorkClaim _,NextTurnInputClaim _,StaleQueueCompletion _,Commit _,ReclaimDeadHolder _ ->
        true;
      case Ingress _,CommitAfterRelease _ -> false;
    };
  }
}
