package dev.holdfast.domain.turns.responses;

import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputPayload.Channel;
import dev.holdfast.domain.turns.responses.ResponseItem.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a response's events of what a turn put out, record by record (spec R-52). What comes of a record depends on the records
 * before it and on nothing else, so a reader who begins anew finds the same events under the same numbers.
 */
public final class ResponseFold {
  private final List<ResponseItem> committed = new ArrayList<>();
  /** Closed, and dropped when the model is called again. */
  private final List<ResponseItem> closed = new ArrayList<>();
  private List<ResponseEvent> told = new ArrayList<>();
  private long next;
  private int items;
  private boolean started;
  private @Nullable Open open;

  /** An item that grows. */
  private record Open(int index, Kind kind, StringBuilder text) {
    ResponseItem begun() {
      return new ResponseItem(index, kind, "", false);
    }

    ResponseItem closed(boolean whole) {
      return new ResponseItem(index, kind, text.toString(), whole);
    }
  }

  /** The first event, which is there as soon as the response is. */
  public List<ResponseEvent> created() {
    told.add(new ResponseEvent.Created(next++));
    return taken();
  }

  /** The events that one more record of the turn's output brings; none for some. */
  public List<ResponseEvent> take(OutputPayload payload) {
    switch (payload) {
      case OutputPayload.AttemptStarted _ -> begin();
      case OutputPayload.Delta(Channel channel, String text) -> {
        switch (channel) {
          case TEXT -> add(ResponseItem.MESSAGE, text);
          case REASONING -> add(ResponseItem.REASONING, text);
          case TOOL_CALL -> {
            // Turns of responses have no tools.
          }
        }
      }
      case OutputPayload.Rewound _ -> drop();
      case OutputPayload.InputAdmitted _ -> {
        // An input of its own, of which the answer goes on.
      }
      case OutputPayload.Checkpoint _ -> commit(true);
      case OutputPayload.End end -> {
        ResponseStatus status = ResponseStatus.of(TurnOutcome.of(end.outcome(), end.reason()));
        end(status, end.reason(), end.note());
      }
    }
    return taken();
  }

  /** As {@link #take}, for an answer that isn't kept: the model was called. */
  public List<ResponseEvent> started() {
    begin();
    return taken();
  }

  /** As {@link #take}, for an answer that isn't kept. */
  public List<ResponseEvent> delta(Kind kind, String text) {
    add(kind, text);
    return taken();
  }

  /** The end of a response that has no turn, or whose answer isn't kept. */
  public List<ResponseEvent> ended(ResponseStatus status, @Nullable String reason, @Nullable String note) {
    end(status, reason, note);
    return taken();
  }

  /** What of the output stays whatever happens. */
  public List<ResponseItem> committed() {
    return List.copyOf(committed);
  }

  private List<ResponseEvent> taken() {
    List<ResponseEvent> events = told;
    told = new ArrayList<>();
    return events;
  }

  private void begin() {
    if (!started) {
      started = true;
      told.add(new ResponseEvent.InProgress(next++));
    }
    drop();
  }

  private void add(Kind kind, String text) {
    if (open != null && !open.kind().equals(kind)) {
      close(true);
    }
    Open growing = open;
    if (growing == null) {
      growing = new Open(items++, kind, new StringBuilder());
      open = growing;
      told.add(new ResponseEvent.ItemAdded(next++, growing.begun()));
      if (hasParts(kind)) {
        told.add(new ResponseEvent.PartAdded(next++, growing.begun()));
      }
    }
    if (!text.isEmpty()) {
      growing.text().append(text);
      told.add(new ResponseEvent.Delta(next++, growing.begun(), text));
    }
  }

  private void close(boolean whole) {
    if (open == null) {
      return;
    }
    ResponseItem item = open.closed(whole);
    open = null;
    told.add(new ResponseEvent.TextDone(next++, item));
    if (hasParts(item.kind())) {
      told.add(new ResponseEvent.PartDone(next++, item));
    }
    told.add(new ResponseEvent.ItemDone(next++, item));
    closed.add(item);
  }

  private static boolean hasParts(Kind kind) {
    return switch (kind) {
      case Kind.Message _,Kind.Reasoning _ -> true;
      case Kind.FunctionCall _ -> false;
    };
  }

  private void drop() {
    close(false);
    closed.clear();
  }

  private void commit(boolean whole) {
    close(whole);
    committed.addAll(closed);
    closed.clear();
  }

  private void end(ResponseStatus status, @Nullable String reason, @Nullable String note) {
    commit(status == ResponseStatus.COMPLETED);
    told.add(new ResponseEvent.Ended(next++, status, committed, reason, note));
  }
}
