package dev.holdfast.application.turns.responses;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.turns.OutputFeed;
import dev.holdfast.application.turns.TurnExecutor;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.responses.Response;
import dev.holdfast.domain.turns.responses.ResponseDraft;
import dev.holdfast.domain.turns.responses.ResponseEvent;
import dev.holdfast.domain.turns.responses.ResponseFold;
import dev.holdfast.domain.turns.responses.ResponseId;
import dev.holdfast.domain.turns.responses.ResponseItem;
import dev.holdfast.domain.turns.responses.ResponseRules;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Making responses that are kept, looking at them, cancelling and deleting them (spec relay §7). */
public final class Responses {
  /** Nobody tells of a node that begins to drain. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** How long a call that cancels waits for the end, which comes soon as a rule. */
  public static final Duration CANCEL_WAIT = Duration.ofSeconds(1);

  private final UnitsOfWork units;
  private final Turns turns;
  private final WorkerRules.Terms terms;
  private final Ids ids;
  private final InstantSource clock;

  /** Where the turns of responses run, and where what they put out is read. */
  public record Turns(TurnExecutor executor, OutputFeed output, NewsRoom news, NodeState node) {}

  public Responses(UnitsOfWork units, Turns turns, WorkerRules.Terms terms, Ids ids, InstantSource clock) {
    this.units = units;
    this.turns = turns;
    this.terms = terms;
    this.ids = ids;
    this.clock = clock;
  }

  /** What a caller wants a response to; its members as those of {@link ResponseDraft}. */
  public record Wanted(String model, @Nullable String previous, String content, Json options) {}

  /**
   * A response with its output as far as that stays.
   *
   * @param reason why it didn't complete, a code; null where there is nothing to tell
   * @param note the cause in words, or null
   */
  public record View(Response response, List<ResponseItem> items, @Nullable String reason, @Nullable String note) {
    public View {
      items = List.copyOf(items);
    }
  }

  /** When this returns, the response is durable, and the executor knows of it. */
  public Outcome<Response> create(Wanted wanted, ResponseRules.Asking by) {
    var draft = new ResponseDraft(
        ResponseId.fresh(ids), wanted.model(), wanted.previous(), wanted.content(), wanted.options());
    Outcome<Response> outcome = units.write(state -> ResponseRules.create(state, draft, by, terms, clock.instant()));
    if (outcome instanceof Outcome.Done<Response>(Response made)) {
      turns.executor().trigger(made.worker().id());
    }
    return outcome;
  }

  /** @return response_not_found also for one of a worker beyond the reach */
  public Outcome<Response> find(String id, Reach reach) {
    return units.read(state -> ResponseRules.find(state, id, reach));
  }

  /** With what it has put out. */
  public Outcome<View> view(String id, Reach reach) {
    return find(id, reach).map(this::view);
  }

  /** Of the store, where all is that belongs to a response that has ended. */
  private View view(Response before) {
    Response response = now(before);
    Turn turn = response.turn();
    if (turn == null) {
      return new View(response, List.of(), null, null);
    }
    var fold = new ResponseFold();
    OutputCursor at = OutputCursor.START;
    while (true) {
      OutputFeed.Page page = turns.output().read(turn.id(), Reach.ALL, at, OutputFeed.MAX_LIMIT).orThrow();
      if (page.gap() != null) {
        return new View(response, ofTranscript(turn), reason(response), null);
      }
      for (OutputRecord record : page.records()) {
        List<ResponseEvent> events = fold.take(record.payload());
        if (!events.isEmpty() && events.getLast() instanceof ResponseEvent.Ended last) {
          return new View(now(response), last.items(), last.reason(), last.note());
        }
      }
      if (page.records().isEmpty()) {
        return new View(response, fold.committed(), null, null);
      }
      at = page.next();
    }
  }

  /** What is left of a response whose turn's output was pruned. */
  private List<ResponseItem> ofTranscript(Turn turn) {
    List<ResponseItem> items = new ArrayList<>();
    for (TranscriptEntry entry : units.read(state -> state.entriesOf(turn.id()))) {
      items.add(new ResponseItem(
          items.size(), ResponseItem.MESSAGE, entry.content(), entry.status() == TranscriptEntry.Status.FINAL));
    }
    return items;
  }

  private static @Nullable String reason(Response response) {
    Reason reason = response.turn() != null && response.turn().state() instanceof Turn.State.Ended ended
        ? ended.outcome().reason()
        : null;
    return reason == null ? null : reason.code();
  }

  /** Whether the events are still there, which go when a turn's output is pruned. */
  public boolean isReadable(Response response) {
    Turn turn = now(response).turn();
    return turn == null || units.read(state -> state.pruned(turn.session()).output()) < turn.index();
  }

  /** Reads a response that was found; close it. */
  public ResponseReading read(Response response) {
    return new ResponseReading(turns.output(), () -> now(response), turns.news().events(response.worker().id()));
  }

  /** A response that was there can be read to its end, whatever becomes of its name. */
  public Response now(Response before) {
    return units.read(state -> ResponseRules.again(state, before));
  }

  /**
   * Waits for the end, or until the time is over or the node drains. Interrupt the thread when the caller has left; that changes
   * nothing about the response.
   *
   * @return the response as it is then
   */
  public View await(Response response, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    try (ResponseReading reading = read(response)) {
      while (!reading.isOver() && turns.node().phase() != NodeState.Phase.DRAINING) {
        var left = Duration.ofNanos(deadline - System.nanoTime());
        reading.next();
        if (!left.isPositive()) {
          break;
        }
        if (!reading.isBehind() && !reading.isOver()) {
          reading.await(left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY);
        }
      }
      return view(response);
    }
  }

  /** One that has ended is answered as it is. */
  public Outcome<Response> cancel(Audited call, String id, ResponseRules.Asking by) {
    return settled(units.write(call, Responses::named, state -> ResponseRules.cancel(state, id, by, clock.instant())));
  }

  /** It is not to be found any more. */
  public Outcome<Response> delete(Audited call, String id, ResponseRules.Asking by) {
    return settled(units.write(call, Responses::named, state -> ResponseRules.delete(state, id, by, clock.instant())));
  }

  private static String named(Response response) {
    return response.id().value();
  }

  private Outcome<Response> settled(Outcome<Response> outcome) {
    if (outcome instanceof Outcome.Done<Response>(Response changed)) {
      turns.executor().settleIfDue(changed.worker().id());
    }
    return outcome;
  }
}
