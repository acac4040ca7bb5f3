package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.fold.Image.Open;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputReads;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fold over the changes of inputs. */
abstract class MemoryInputs extends MemoryQueue implements InputReads {
  private final Enqueued<Input, InputKind, InputState> inputs;

  MemoryInputs(Archive archive) {
    super(archive);
    this.inputs = new Enqueued<>(archive, new Inputs());
  }

  static final class Inputs implements Enqueued.Kind<Input, InputKind, InputState> {
    @Override
    public Enqueued.Tables tables() {
      return new Enqueued.Tables(Table.INPUT, Table.INPUT_STATE, Table.INPUT_OF_SESSION, Table.INPUT_BY_KEY);
    }

    @Override
    public boolean isRow(Change change) {
      return change instanceof InputChange.Accepted;
    }

    @Override
    public Input row(Change change) {
      return ((InputChange.Accepted) change).input();
    }

    @Override
    public long id(Input input) {
      return input.id().number();
    }

    @Override
    public WorkerId session(Input input) {
      return input.session();
    }

    @Override
    public long enqueueSeq(Input input) {
      return input.enqueueSeq();
    }

    @Override
    public @Nullable String sourceKey(Input input) {
      return input.sourceKey();
    }

    @Override
    public Open<InputKind, InputState> open(Input input) {
      return new Open<>(input.id().number(), input.kind(), input.state());
    }

    @Override
    public Input in(Input input, InputState state) {
      return input.in(state);
    }

    @Override
    public boolean isEnded(InputState state) {
      return state instanceof InputState.Completed || state instanceof InputState.Cancelled;
    }

    @Override
    public String text(InputState state) {
      return state.text();
    }

    @Override
    public boolean mayHaveEnded(String text) {
      return text.equals(new InputState.Cancelled().text()) || text.equals(new InputState.Completed(null, 0).text());
    }

    @Override
    public InputState ended(Change change) {
      return switch (change) {
        case InputChange.Moved(_, _, InputState state) -> state;
        case InputChange.Accepted(Input endedBefore) -> endedBefore.state();
        default -> new InputState.Cancelled();
      };
    }
  }

  final void apply(InputChange change) {
    switch (change) {
      case InputChange.Accepted(Input input) -> {
        inputs.add(input, change);
        append(input.entry(), change);
      }
      case InputChange.Moved(InputId id, WorkerId session, InputState state) ->
        inputs.move(session, id.number(), state, change);
      case InputChange.PendingCancelled(WorkerId only) -> inputs.each(only, (session, input) -> {
        if (input.state().isPending()) {
          inputs.move(session, input.id(), new InputState.Cancelled(), change);
          WorkQueue queue = workQueue(session);
          put(queue.plusPending(-queue.pendingInputs()));
        }
      });
    }
  }

  @Override
  void lengths(List<Image.Lengths> all) {
    super.lengths(all);
    all.add(inputs.lengths());
  }

  @Override
  void restore(Image image) {
    super.restore(image);
    inputs.restore(image.work().inputs(), image.lengths());
  }

  final List<Image.OpenOf<InputKind, InputState>> openInputs() {
    return inputs.image();
  }

  private Stream<Input> open(WorkerId session, Predicate<InputState> in) {
    return inputs.of(session).filter(input -> in.test(input.state())).map(inputs::row);
  }

  @Override
  public final Optional<Input> input(InputId id) {
    return inputs.find(id.number()).filter(this::isKnown);
  }

  private boolean isKnown(Input input) {
    return input.enqueueSeq() > pruned(input.session()).work();
  }

  @Override
  public final Optional<TranscriptEntry> entryOf(InputId id) {
    return Optional.ofNullable(archive.find(RowKey.of(Table.INPUT, id.number()))).map(MemoryCatalogue::entry)
        .filter(entry -> entry.sequence() > pruned(entry.worker()).transcript());
  }

  @Override
  public final Optional<Input> inputBySourceKey(WorkerId session, String sourceKey) {
    return inputs.bySourceKey(session, sourceKey).filter(this::isKnown);
  }

  @Override
  public final boolean hasPendingUserInput(WorkerId session) {
    return inputs.of(session)
        .anyMatch(input -> input.fact() == InputKind.USER && input.state() instanceof InputState.Deferred);
  }

  @Override
  public final List<Input> pendingInputs(WorkerId session, int limit) {
    return open(session, InputState::isPending).limit(limit).toList();
  }

  @Override
  public final List<Input> nextTurnInputs(WorkerId session, int limit) {
    return open(session, InputState.Deferred.class::isInstance).limit(limit).toList();
  }

  @Override
  public final List<Input> activeInputs(WorkerId session, TurnId turn, Boundary checkpoint, int limit) {
    return open(session, state -> state instanceof InputState.Pending(TurnId waitsFor, Boundary from)
        && waitsFor.equals(turn) && from.admitsAt(checkpoint)).limit(limit).toList();
  }

  @Override
  public final List<Input> heldInputs(WorkerId session) {
    return open(session,
        state -> state instanceof InputState.Claimed || state instanceof InputState.Accepted).toList();
  }

  @Override
  public final List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state) {
    return inputs.page(session, Math.max(after, pruned(session).work()), limit, state);
  }
}
