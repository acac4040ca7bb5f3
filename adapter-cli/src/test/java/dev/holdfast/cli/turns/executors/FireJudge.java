package dev.holdfast.cli.turns.executors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges what is left behind a fire: each accepted input in exactly one committed turn or cancelled by the test, each answer
 * once in the transcript, each turn's end seen once by its follower. It knows only what a client can see.
 */
final class FireJudge {
  private static final String ANSWER = "You said: ";

  private final List<String> faults = new ArrayList<>();
  private final Map<String, Turn> turns = new TreeMap<>();
  private final Map<String, List<String>> takers = new HashMap<>();

  /** @param word nobody else says it */
  record Sent(String id, String word, boolean wasCancelled) {}

  /** An input or a batch as the node shows it at the end. */
  record Shown(String id, String state, @Nullable String turn) {}

  /**
   * @param taken the inputs and batches of its start and of its checkpoints
   * @param cancelAccepted whether the node accepted the test's request to cancel it
   * @param lost its attempts that were lost
   */
  record Turn(String id, @Nullable String outcome, List<String> taken, boolean cancelAccepted, long lost) {}

  record Entry(String turn, String content, boolean isFinal) {}

  /** What the follower of a turn was left with. */
  record Followed(String turn, @Nullable String outcome, String text, List<String> faults) {}

  List<String> faults() {
    return faults;
  }

  void turns(List<Turn> all) {
    for (Turn turn : all) {
      turns.put(turn.id(), turn);
      turn.taken().forEach(id -> takers.computeIfAbsent(id, _ -> new ArrayList<>()).add(turn.id()));
      boolean explained = switch (turn.outcome()) {
        case "completed" -> !turn.cancelAccepted();
        case "cancelled" -> turn.cancelAccepted();
        // The test may have killed three of its executors in a row.
        case "failed" -> turn.lost() >= 3 && !turn.cancelAccepted();
        case null, default -> false;
      };
      check(explained, turn + " ended otherwise than was to be");
    }
  }

  /** Inputs and wakes alike. */
  void work(List<Sent> sent, List<Shown> shown) {
    Map<String, Shown> byId = new HashMap<>();
    shown.forEach(item -> check(byId.put(item.id(), item) == null, item.id() + " is shown twice"));
    check(byId.size() == sent.size(), sent.size() + " were accepted, but there are " + byId.size());
    for (Sent item : sent) {
      Shown end = byId.get(item.id());
      List<String> takenBy = takers.getOrDefault(item.id(), List.of());
      if (end == null) {
        faults.add(item.id() + " was accepted and is gone");
      } else if (item.wasCancelled()) {
        check(end.state().equals("cancelled") && takenBy.isEmpty(), end + " was cancelled, taken by " + takenBy);
      } else {
        check(end.state().equals("completed") && takenBy.size() == 1 && takenBy.getFirst().equals(end.turn()),
            end + " is taken by " + takenBy);
      }
    }
  }

  /** Commands are in no turn. */
  void commands(List<Sent> sent, List<Shown> shown) {
    Map<String, Shown> byId = new HashMap<>();
    shown.forEach(item -> byId.put(item.id(), item));
    for (Sent command : sent) {
      Shown end = byId.get(command.id());
      check(end != null && end.state().equals("completed") && !takers.containsKey(command.id()),
          command.id() + " ended as " + end);
    }
  }

  /** Each word is said in the answer of the turn that took it, once. One that didn't complete may leave it to a later one. */
  void answers(List<Sent> sent, List<Entry> entries) {
    Map<String, List<String>> saidBy = new HashMap<>();
    for (Entry entry : entries) {
      if (entry.content().startsWith(ANSWER)) {
        Arrays.stream(entry.content().substring(ANSWER.length()).split(" ", -1))
            .forEach(word -> saidBy.computeIfAbsent(word, _ -> new ArrayList<>()).add(entry.turn()));
      }
      Turn turn = turns.get(entry.turn());
      check(turn != null && (entry.isFinal() || !"completed".equals(turn.outcome())), entry + " is left over");
    }
    for (Sent item : sent) {
      List<String> by = saidBy.getOrDefault(item.word(), List.of());
      List<String> takenBy = takers.getOrDefault(item.id(), List.of());
      Turn turn = takenBy.size() == 1 ? turns.get(takenBy.getFirst()) : null;
      boolean completed = turn != null && "completed".equals(turn.outcome());
      check(completed ? by.equals(takenBy) : by.size() <= 1,
          item.word() + " was taken by " + takenBy + " and answered by " + by);
    }
  }

  /** What readers saw is what was committed: one end, its outcome, and a completed turn's text. */
  void followers(List<Followed> followed, List<Entry> entries) {
    Map<String, String> texts = new HashMap<>();
    entries.forEach(entry -> texts.merge(entry.turn(), entry.content(), String::concat));
    Set<String> seen = new HashSet<>();
    for (Followed reader : followed) {
      check(seen.add(reader.turn()), reader.turn() + " was begun twice");
      reader.faults().forEach(fault -> faults.add("the follower of " + reader.turn() + ": " + fault));
      Turn turn = turns.get(reader.turn());
      check(turn != null && turn.outcome() != null && turn.outcome().equals(reader.outcome()),
          "the follower of " + turn + " saw the end " + reader.outcome());
      if ("completed".equals(reader.outcome())) {
        String text = texts.get(reader.turn());
        check(reader.text().equals(text),
            "the follower of " + turn + " read " + reader.text() + ", committed is " + text);
      }
    }
    check(seen.equals(turns.keySet()), "followed: " + seen.size() + " of " + turns.size() + " turns");
  }

  /** @param left inputs and batches that still wait */
  void drained(String worker, long left) {
    check(left == 0, worker + " has " + left + " waiting");
  }

  /** How many turns there were, by their outcome. */
  String summary() {
    Map<String, Long> outcomes = new TreeMap<>();
    turns.values().forEach(turn -> outcomes.merge(String.valueOf(turn.outcome()), 1L, Long::sum));
    long resumed = turns.values().stream().filter(turn -> turn.lost() > 0).count();
    return turns.size() + " turns " + outcomes + ", " + resumed + " of them with lost attempts";
  }

  private void check(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }
}
