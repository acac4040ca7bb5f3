package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.QueueChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer decides alike on what it remembers of inputs and on what it has to read. */
class OpenInputsTest extends StoreSuite {
  @TempDir
  private Path folder;

  @Override
  protected Store open() {
    return SqliteStore.open(folder.resolve("db"), START);
  }

  @Override
  protected Store reopen(Store closing) {
    closing.close();
    return open();
  }

  private void complete(WorkerId session, List<Input> expected) {
    NextWork.Run run = take(session, HERE);
    assertEquals(expected.stream().map(Input::content).toList(), run.inputs().stream().map(Input::content).toList());
    done(committing(completing(run, "answer")));
    assertEquals(0, read(state -> state.workQueue(session)).pendingInputs());
    assertEquals(expected.size(), read(state -> state.inputs(session, 0, 100, "completed")).size());
  }

  @Test
  @DisplayName("inputs of more text than the writer keeps are taken and completed like all others")
  void moreThanItKeeps() {
    WorkerId early = worker();
    WorkerId large = worker();
    List<Input> small = new ArrayList<>(List.of(send(early, "first")));
    List<Input> many = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      many.add(send(large, i + "x".repeat(1_000_000)));
    }
    small.add(send(early, "behind what was forgotten"));

    complete(early, small);
    complete(large, many);
  }

  @Test
  @DisplayName("what was accepted before a start is taken together with what came after it, and the cancelled are not")
  void acrossStarts() {
    WorkerId worker = worker();
    Input before = send(worker, "before");
    Input cancelled = send(worker, "cancelled");
    reopenStore();
    put(new InputChange.Moved(
        cancelled.in(new InputState.Cancelled())),
        new QueueChange.QueuePut(
            read(state -> state.workQueue(worker)).plusPending(-1)));
    Input after = send(worker, "after");
    NextWork.Run run = take(worker, HERE);
    assertEquals(List.of(before.id(), after.id()), run.inputs().stream().map(Input::id).toList());

    send(worker, "waits for the next turn");
    end(worker, LifecycleRules.Ending.STOP);
    done(committing(completing(run, "answer")));
    nowAndAfterReopen(() -> {
      assertEquals(List.of("completed", "cancelled", "completed", "cancelled"),
          read(state -> state.inputs(worker, 0, 10, null)).stream().map(input -> input.state().text()).toList());
      assertEquals(List.of(), read(state -> state.pendingInputs(worker, 10)));
    });
  }
}
