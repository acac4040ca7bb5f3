package dev.holdfast.cli.turns.executors;

import dev.holdfast.domain.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What users do to workers while everything burns, and what the node accepted of it. */
final class Traffic {
  private final NodeClient user;
  private final List<String> workers;
  private final Set<String> openTurns;
  private final Map<String, String> words = new ConcurrentHashMap<>();
  private final List<FireJudge.Sent> wakes = new CopyOnWriteArrayList<>();
  private final List<FireJudge.Sent> commands = new CopyOnWriteArrayList<>();
  private final Set<String> cancelledInputs = ConcurrentHashMap.newKeySet();
  private final Set<String> cancelledTurns = ConcurrentHashMap.newKeySet();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final AtomicInteger number = new AtomicInteger();

  /** @param openTurns as far as is known at the moment */
  Traffic(NodeClient user, List<String> workers, Set<String> openTurns) {
    this.user = user;
    this.workers = workers;
    this.openTurns = openTurns;
  }

  /** One input for everybody. */
  void begin() {
    workers.forEach(worker -> sendInput("/api/v1/workers/" + worker, Json.object("kind", "next_turn")));
  }

  /** One thing, whichever the die says. Several may do so at once, each with a die of its own. */
  void step(SplittableRandom random) {
    String worker = "/api/v1/workers/" + workers.get(random.nextInt(workers.size()));
    int die = random.nextInt(100);
    if (die < 60) {
      sendInput(worker, Json.object("kind", "next_turn"));
    } else if (die < 80) {
      sendInput(worker, Json.object("kind", "active_turn", "min_boundary",
          random.nextBoolean() ? "after_work" : "before_completion"));
    } else if (die < 87) {
      wake(worker);
    } else if (die < 91) {
      command(worker);
    } else if (die < 96) {
      cancelTurn(random);
    } else {
      cancelInput(worker, sendInput(worker, Json.object("kind", "next_turn")));
    }
  }

  private String sendInput(String worker, Json ingress) {
    String word = "word-" + number.incrementAndGet();
    Json accepted = user.post(worker + "/inputs",
        Json.object("kind", "user", "content", word + " and some more to say", "ingress", ingress));
    String id = NodeClient.text(accepted, "input_id");
    words.put(id, word);
    return id;
  }

  private void wake(String worker) {
    int sequence = number.incrementAndGet();
    String word = "word-" + sequence;
    Json accepted = user.post(worker + "/wakes",
        Json.object("origin", "clock", "origin_sequence", sequence, "text", word));
    wakes.add(new FireJudge.Sent(NodeClient.text(accepted, "batch_id"), word, false));
  }

  private void command(String worker) {
    Json accepted = user.post(worker + "/commands", Json.object("kind", "refresh_tool_catalog"));
    commands.add(new FireJudge.Sent(NodeClient.text(accepted, "batch_id"), "", false));
  }

  private void cancelTurn(SplittableRandom random) {
    List<String> open = List.copyOf(openTurns);
    if (open.isEmpty()) {
      return;
    }
    String turn = open.get(random.nextInt(open.size()));
    NodeClient.Answer answer = user.call("POST", "/api/v1/turns/" + turn + "/cancel", Json.EMPTY_OBJECT, null);
    if (answer.isGood()) {
      cancelledTurns.add(turn);
    } else if (!answer.reason().equals("completion_won")) {
      faults.add("cancel of " + turn + ": " + answer);
    }
  }

  private void cancelInput(String worker, String input) {
    NodeClient.Answer answer =
        user.call("POST", worker + "/inputs/" + input + "/cancel", Json.EMPTY_OBJECT, UUID.randomUUID().toString());
    if (answer.isGood()) {
      cancelledInputs.add(input);
    } else if (!answer.reason().startsWith("already_")) {
      faults.add("cancel of " + input + ": " + answer);
    }
  }

  List<FireJudge.Sent> inputs() {
    return words.entrySet().stream().map(
        sent -> new FireJudge.Sent(sent.getKey(), sent.getValue(), cancelledInputs.contains(sent.getKey()))).toList();
  }

  List<FireJudge.Sent> wakes() {
    return wakes;
  }

  List<FireJudge.Sent> commands() {
    return commands;
  }

  /** Whether the node accepted a request to cancel the turn. */
  boolean cancelled(String turn) {
    return cancelledTurns.contains(turn);
  }

  /** Answers that nobody expected. */
  List<String> faults() {
    return faults;
  }
}
