package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.EventStream;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Interrupts;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A command that can follow a turn of a node to its end, across restarts of the node. */
abstract class Following extends NodeVerb {

  /**
   * Before anything is sent: who can't read the answer would take the refusal to follow it for one of the input, and send it again.
   *
   * @param instead how the same can be done without reading
   */
  protected final void requireContent(String instead) {
    Json own;
    try {
      own = client().object("/api/v1/whoami");
    } catch (Refusal refusal) {
      if (refusal.isPassing()) {
        // The call that sends finds out by itself that the node is away, and waits where that is wanted.
        return;
      }
      throw refusal;
    }
    requireContent(own, instead);
  }

  /** @param own what the node says of the caller's key */
  protected static void requireContent(Json own, String instead) {
    if ("false".equals(text(own, "content"))) {
      throw Refusal.of(Reason.CONTENT_NOT_ALLOWED, "nothing was sent: the key " + text(own, "key_id") + " (role "
          + text(own, "role") + ") can't read the answer").next(instead);
    }
  }

  /** Follows the turn that takes the input, once one does. */
  protected int followInput(Json ack) {
    String worker = required(ack, "worker_ref.worker_id");
    String input = required(ack, "input_id");
    if ("pending_active".equals(text(ack, "input_state"))) {
      String turn = text(input(worker, input), "turn_id");
      if (turn != null) {
        int exitCode = followOpen(turn, worker);
        Json now = input(worker, input);
        if (!"deferred_next_turn".equals(text(now, "state")) || exitCode == ExitCode.INTERRUPTED) {
          return exitCode;
        }
        screen().note("that turn ended without the input, so the next one takes it");
      }
    }
    String runtime = required(ack, "worker_ref.runtime_id");
    long after = Long.parseLong(required(ack, "event_id")) + 1;
    onInterrupt(() -> "detached; the input stays. Its turn shows up in: holdfast turn list " + worker);
    screen().await("waiting for the turn…");
    var taken = new TurnOfInput(worker, input);
    stream("/api/v1/events/stream?worker_id=" + worker + "&cursor=" + Client.encoded(runtime + ":" + after))
        .read(taken);
    if (taken.turn == null) {
      screen().talk("holdfast: the input was cancelled before a turn took it");
      return ExitCode.FAILED;
    }
    return followTurn(taken.turn, worker, Long.parseLong(required(ack, "transcript_sequence")));
  }

  private Json input(String worker, String input) {
    return client().awaited("/api/v1/workers/" + worker + "/inputs/" + input, PATIENCE);
  }

  /** Waits for {@code turn.started} with the input among its own; a cancelled input gets none. */
  private final class TurnOfInput implements EventStream.Reader {
    private final String worker;
    private final String input;
    private @Nullable String turn;

    TurnOfInput(String worker, String input) {
      this.worker = worker;
      this.input = input;
    }

    @Override
    public boolean event(String name, Json event) {
      if (name.equals("turn.started") && event.members().get("data") instanceof Map<?, ?> data
          && data.get("input_ids") instanceof List<?> inputs && inputs.contains(input)) {
        turn = Objects.requireNonNull(data.get("turn_id")).toString();
        return false;
      }
      // The end of a worker cancels its inputs without an event of their own.
      return name.startsWith("worker.") ? isPending() : true;
    }

    @Override
    public boolean quiet() {
      return isPending();
    }

    private boolean isPending() {
      Json now;
      try {
        now = client().object("/api/v1/workers/" + worker + "/inputs/" + input);
      } catch (Refusal refusal) {
        if (refusal.isPassing()) {
          // The stream finds out by itself that the node is away, and comes back here when it is there again.
          return true;
        }
        throw refusal;
      }
      turn = text(now, "turn_id");
      return turn == null && !"cancelled".equals(text(now, "state"));
    }
  }

  /** @param position in the worker's transcript, behind which the turn's entries are */
  protected int followTurn(String turn, String worker, long position) {
    var answer = new Answer(screen(), output());
    onInterruptOf(turn, answer);
    try {
      stream("/api/v1/turns/" + turn + "/output").read((name, json) -> {
        if (name.startsWith("output.")) {
          take(answer, name.substring("output.".length()), json);
        }
        return !answer.hasEnded();
      });
    } catch (Refusal refusal) {
      if (refusal.isPassing()) {
        screen().talk(turn + "  (follow it again with: holdfast turn follow " + turn + ")");
      }
      throw refusal;
    }
    Map<String, String> facts = new TreeMap<>(Map.of("turn_id", turn, "worker_id", worker));
    return answer.finish(facts, () -> transcribed(turn, worker, position));
  }

  /** What Ctrl-C does while a turn is followed. */
  protected void onInterruptOf(String turn, Answer answer) {
    onInterrupt(() -> "detached; the turn goes on. Follow it again with: holdfast turn follow " + turn);
  }

  /** What is to be followed. A node that is away is waited for, as it is later, but only for the time that one answer has. */
  protected final Json present(String path) {
    return client().awaited(path, Duration.ofSeconds(settings().number(Settings.Name.TIMEOUT)),
        () -> screen().note("nothing answers at " + client().address() + "; waiting for the node to come up…"));
  }

  /** Follows a turn that is open already. */
  protected int followOpen(String turn, String worker) {
    return followFound(client().awaited("/api/v1/turns/" + turn, PATIENCE), worker);
  }

  /** @param found the turn as on the wire */
  protected int followFound(Json found, String worker) {
    long position = 0;
    // A turn that wakes have opened has no input; its entries are somewhere in the transcript.
    if (found.members().get("start_inputs") instanceof List<?> inputs && !inputs.isEmpty()) {
      position = Long.parseLong(required(input(worker, inputs.getLast().toString()), "transcript_sequence"));
    }
    return followTurn(required(found, "turn_id"), worker, position);
  }

  private static void take(Answer answer, String kind, Json json) {
    switch (kind) {
      case "attempt_started", "delta", "rewound", "input_admitted", "checkpoint", "end" ->
        answer.take(Integer.parseInt(required(json, "attempt")), OutputPayload.read(kind, json), json);
      default -> {
        // A newer node may tell more than this version knows.
      }
    }
  }

  /** The answer as the transcript has it, which is authoritative over what was streamed: one entry per step of the turn. */
  private String transcribed(String turn, String worker, long from) {
    List<String> steps = new ArrayList<>();
    String start = Long.toString(from);
    while (start != null) {
      Json page = client().awaited("/api/v1/workers/" + worker + "/transcript?start=" + start, PATIENCE);
      for (Json entry : list(page, "items")) {
        if (turn.equals(text(entry, "turn_id"))) {
          if ("assistant".equals(text(entry, "role"))) {
            steps.add(required(entry, "content"));
          }
        } else if (!steps.isEmpty() && text(entry, "turn_id") != null) {
          // Another turn's: a session has one at a time.
          return String.join("\n\n", steps);
        }
      }
      start = text(page, "next_start");
    }
    return String.join("\n\n", steps);
  }

  protected static String required(Json json, String path) {
    return Objects.requireNonNull(text(json, path), path);
  }

  /** What Ctrl-C does from here on: it ends the command, and nothing at the node. */
  protected void onInterrupt(Supplier<String> farewell) {
    Interrupts.handle(code -> {
      screen().talk(farewell.get());
      Runtime.getRuntime().halt(code);
    });
  }
}
