package dev.holdfast.domain.integrity.pruning;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.domain.workers.retention.Pruned;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** How far each prefix of one worker goes. */
final class WorkerSurvey {
  /** Of rows that may have long texts. */
  private static final int FEW = 64;

  private final PruneRequest request;
  private final Sums sums;
  /** Nothing of it is open, waits, or will ever come. */
  private final boolean isFinished;
  private Part part = Part.TRANSCRIPT;
  private Pruned marks;
  /** The last input among the entries that are pruned, by its place in the queue. */
  private long lastInput;

  /** What was found of all workers. */
  static final class Sums {
    long entries;
    long records;
    long inputs;
    long batches;

    long rows() {
      return entries + records + inputs + batches;
    }
  }

  private enum Part {
    TRANSCRIPT,
    WORK,
    OUTPUT,
    NONE;

    Part next() {
      return switch (this) {
        case TRANSCRIPT -> WORK;
        case WORK -> OUTPUT;
        case OUTPUT, NONE -> NONE;
      };
    }
  }

  WorkerSurvey(State state, WorkerId worker, PruneRequest request, Sums sums) {
    this.request = request;
    this.sums = sums;
    this.marks = state.pruned(worker);
    WorkerStatus status = state.worker(worker).orElseThrow().status();
    this.isFinished = (status == WorkerStatus.STOPPED || status == WorkerStatus.CANCELLED)
        && state.session(worker).openTurn() == null && state.workQueue(worker).queuedWork() == 0
        && state.pendingInputs(worker, 1).isEmpty() && state.heldInputs(worker).isEmpty();
  }

  Pruned marks() {
    return marks;
  }

  /** Looks at some rows more; answers whether there is more to look at. */
  boolean look(State state) {
    boolean more = switch (part) {
      case TRANSCRIPT -> isFinished && request.transcriptsOfFinishedBefore() != null
          && transcript(state, request.transcriptsOfFinishedBefore());
      case WORK -> work(state);
      case OUTPUT -> request.outputsBefore() != null && output(state, request.outputsBefore());
      case NONE -> true;
    };
    if (!more) {
      part = part.next();
    }
    return part != Part.NONE;
  }

  private boolean transcript(State state, Instant before) {
    var age = new Age(state, before);
    List<TranscriptEntry> page = state.transcript(marks.worker(), marks.transcript(), FEW);
    List<TranscriptEntry> old = PruneSurvey.prefix(page, age::isOver);
    for (TranscriptEntry entry : old) {
      InputId input = entry.input();
      if (input != null) {
        lastInput = state.input(input).map(Input::enqueueSeq).orElse(lastInput);
      }
    }
    if (!old.isEmpty()) {
      mark(old.getLast().sequence(), marks.work(), marks.batches(), marks.output());
    }
    sums.entries += old.size();
    return PruneSurvey.goesOn(page, old, FEW);
  }

  /** Inputs and batches have their places in one queue, so their prefix is one. */
  private boolean work(State state) {
    boolean more = (request.tombstonesBefore() != null || lastInput > marks.work()) && workPage(state);
    if (!more && isFinished && (request.tombstonesBefore() != null || lastInput > 0)) {
      // Nobody is ever shown again what its turns took.
      mark(marks.transcript(), marks.work(), marks.work(), marks.output());
    }
    return more;
  }

  private boolean workPage(State state) {
    List<Input> inputs = state.inputs(marks.worker(), marks.work(), FEW, null);
    List<Batch> batches = state.batches(marks.worker(), marks.work(), FEW, null);
    // Behind a full page there may be rows of its kind before the last of the other's.
    long known = Math.min(inputs.size() < FEW ? Long.MAX_VALUE : inputs.getLast().enqueueSeq(),
        batches.size() < FEW ? Long.MAX_VALUE : batches.getLast().enqueueSeq());
    var inOrder = new TreeMap<Long, Object>();
    inputs.forEach(input -> inOrder.put(input.enqueueSeq(), input));
    batches.forEach(batch -> inOrder.put(batch.enqueueSeq(), batch));
    for (var place : inOrder.headMap(known, true).entrySet()) {
      if (!isOver(state, place.getKey(), place.getValue())) {
        return false;
      }
      if (place.getValue() instanceof Input) {
        sums.inputs++;
      } else {
        sums.batches++;
      }
      mark(marks.transcript(), place.getKey(), marks.batches(), marks.output());
    }
    return known < Long.MAX_VALUE;
  }

  /** An input goes with its entry, and what was enqueued before it goes with it. */
  private boolean isOver(State state, long place, Object work) {
    if (place <= lastInput) {
      return true;
    }
    Instant before = request.tombstonesBefore();
    if (before == null) {
      return false;
    }
    var age = new Age(state, before);
    return work instanceof Input input ? age.isOver(input) : age.isOver((Batch) work);
  }

  private boolean output(State state, Instant before) {
    var age = new Age(state, before);
    List<Turn> page = state.turns(marks.worker(), marks.output(), FEW);
    List<Turn> old = PruneSurvey.prefix(page, age::isOver);
    if (!old.isEmpty()) {
      mark(marks.transcript(), marks.work(), marks.batches(), old.getLast().index());
    }
    old.forEach(turn -> sums.records += turn.attempts().stream().mapToLong(Attempt::lastOutputSeq).sum());
    return PruneSurvey.goesOn(page, old, FEW);
  }

  private void mark(long transcript, long work, long batches, long output) {
    marks = new Pruned(marks.worker(), transcript, work, batches, output);
  }
}
