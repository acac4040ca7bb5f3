package dev.holdfast.cli.turns;

import dev.holdfast.application.events.EventFeed;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.turns.OutputFeed;
import dev.holdfast.application.turns.TurnCatalogue;
import dev.holdfast.application.turns.TurnExecutor;
import dev.holdfast.application.turns.WorkerInputs;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Interrupts;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Screen;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.cli.wiring.SessionsTaken;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One turn on a node inside this process, which works in no other session meanwhile. */
final class EmbeddedRun {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Node node;
  private final Screen screen;
  private final Output output;
  private @Nullable WorkerId worker;

  EmbeddedRun(Node node, Screen screen, Output output) {
    this.node = node;
    this.screen = screen;
    this.output = output;
  }

  String worker() {
    return Objects.requireNonNull(worker).value();
  }

  /**
   * @param existing the worker to go on with, or null for a new one with the objective and model
   * @param text the input, or null to go on with what is open
   * @return the exit code
   */
  int run(@Nullable String existing, @Nullable String text, String objective, @Nullable String model) {
    var interrupted = new AtomicInteger();
    Thread runner = Thread.currentThread();
    Interrupts.handle(code -> {
      interrupted.set(code);
      runner.interrupt();
    });
    try {
      node.launch();
      WorkerId id = existing == null ? created(objective, model) : known(existing);
      worker = id;
      node.use(SessionsTaken.class).add(id);
      // The launch began no turn in this session, which it did not know of yet, and the next scan may be seconds away.
      node.use(TurnExecutor.class).trigger(id);
      int exitCode = follow(id, text == null ? openTurn(id) : turnOf(id, sent(id, text)));
      node.shutdown(Duration.ZERO);
      return exitCode;
    } catch (InterruptedException e) {
      return handOver(interrupted.get());
    }
  }

  private int handOver(int exitCode) {
    try {
      node.shutdown(Duration.ZERO);
    } catch (InterruptedException e) {
      // A signal in between; closing the node hands over as well.
      Thread.currentThread().interrupt();
    }
    screen.talk("interrupted; the turn is handed over: the next node on this data directory goes on with it");
    return exitCode == 0 ? ExitCode.INTERRUPTED : exitCode;
  }

  private WorkerId created(String objective, @Nullable String model) {
    Models models = node.use(Models.class);
    Viewer viewer = new Viewer(Key.DEFAULT_SUBJECT, List.of(), true);
    if (model != null && models.resolve(model, viewer) instanceof Outcome.Refused<Models.Model>(Reason reason, _)) {
      // A worker for it could only fail, so none is made.
      throw Refusal.of(reason, model + "; there are: "
          + String.join(", ", models.list(viewer).stream().map(Models.Model::name).toList()));
    }
    CreateWorker usual = CreateWorker.of(new WorkerIntent.Task(objective));
    var request =
        new CreateWorker(usual.intent(), usual.profile(), model, usual.execution(), null, usual.capabilities(),
            usual.workspaces(), usual.mounts());
    return orRefused(node.use(WorkerCatalogue.class)

        .create(called("worker.create"), request, new WorkerRules.Caller(Key.DEFAULT_SUBJECT, null, null))).worker()
        .id();
  }

  private Audited called(String action) {
    return Audited.local(node.use(Ids.class).hex(32), action);
  }

  private WorkerId known(String text) {
    WorkerId id;
    try {
      id = WorkerId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(Reason.INVALID_WORKER_ID, text);
    }
    WorkerCatalogue.Detail found = orRefused(node.use(WorkerCatalogue.class).show(null, id, Reach.ALL));
    if (found.worker().execution() == Execution.EXTERNAL) {
      throw Refusal.of(Reason.INVALID_REQUEST, text + " is run by an executor outside; it needs holdfast serve");
    }
    return id;
  }

  private InputId sent(WorkerId id, String text) {
    return orRefused(node.use(WorkerInputs.class)
        .send(called("input.send"), new InputRules.Sender(null, id, null, null), InputDraft.user(text))).input().id();
  }

  private TurnId openTurn(WorkerId id) {
    TurnId open = orRefused(node.use(WorkerCatalogue.class).show(null, id, Reach.ALL)).session().session().openTurn();
    if (open == null) {
      throw Refusal.of(Reason.INVALID_REQUEST, id + " has no open turn, so it needs a text");
    }
    return open;
  }

  private TurnId turnOf(WorkerId id, InputId input) throws InterruptedException {
    try (var news = node.use(EventFeed.class).subscribe(id)) {
      while (true) {
        Input now = orRefused(node.use(WorkerInputs.class).show(null, id, Reach.ALL, input));
        TurnId turn = now.turn();
        if (turn != null) {
          return turn;
        }
        if (now.state() instanceof InputState.Cancelled) {
          throw Refusal.of(Reason.WORKER_NOT_RUNNING, "the input was cancelled before a turn took it");
        }
        news.await(LOOK_AGAIN);
      }
    }
  }

  private int follow(WorkerId id, TurnId turn) throws InterruptedException {
    var answer = new Answer(screen, output);
    try (var following = node.use(OutputFeed.class).follow(turn, Reach.ALL, OutputCursor.START)) {
      while (!answer.hasEnded()) {
        OutputFeed.Page page = orRefused(following.next());
        for (OutputRecord output : page.records()) {
          answer.take(output.attempt(), output.payload(), wire(output));
        }
        if (page.records().isEmpty()) {
          following.await(LOOK_AGAIN);
        }
      }
    }
    Map<String, String> facts = new TreeMap<>(Map.of("turn_id", turn.value(), "worker_id", id.value()));
    return answer.finish(facts, () -> transcribed(id, turn));
  }

  private static Json wire(OutputRecord output) {
    var members = output.payload().json().members();
    members.put("turn_id", output.turn().value());
    members.put("attempt", output.attempt());
    members.put("seq", output.seq());
    members.put("kind", output.payload().kind());
    return Json.of(members);
  }

  private String transcribed(WorkerId id, TurnId turn) {
    Turn ended = orRefused(node.use(TurnCatalogue.class).show(turn, Reach.ALL));
    Long start = 0L;
    // A turn that wakes have opened has no input; its entries are somewhere in the transcript.
    if (!ended.inputs().isEmpty()) {
      InputId last = ended.inputs().getLast();
      start = orRefused(node.use(WorkerInputs.class).show(null, id, Reach.ALL, last)).transcriptSequence();
    }
    List<String> steps = new ArrayList<>();
    while (start != null) {
      var page = orRefused(node.use(WorkerCatalogue.class).transcript(null, id, Reach.ALL, start, null)).projection();
      page.items().stream()
          .filter(entry -> entry.role() == TranscriptEntry.Role.ASSISTANT
              && entry.origin() instanceof TranscriptEntry.Origin.FromTurn(TurnId of, _, _) && of.equals(turn))
          .forEach(entry -> steps.add(entry.content()));
      start = page.nextStart();
    }
    return String.join("\n\n", steps);
  }

  private static <T> T orRefused(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Replayed<T>(T value) -> value;
      case Outcome.Refused<T> refused -> throw Refusal.of(refused);
    };
  }
}
