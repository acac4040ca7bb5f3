package dev.holdfast.domain.relay.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.relay.RelayRows;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about tasks that are kept, and about what calls used. */
public abstract class TaskReadsContract extends StoreSuite {

  private List<Integer> numbers(List<InferenceTask> tasks) {
    return tasks.stream().map(task -> Integer.parseInt(task.id().substring("task-".length()), 16)).toList();
  }

  @Test
  @DisplayName("a task comes back with every member in each of its states, and a later one of its id takes its place")
  void comesBack() {
    for (InferenceTask task : RelayRows.inEveryState(START.plusNanos(1000))) {
      put(new TaskChange.Put(task));
    }
    nowAndAfterReopen(() -> {
      for (InferenceTask task : RelayRows.inEveryState(START.plusNanos(1000))) {
        assertEquals(Optional.of(task), read(state -> state.task(task.id())));
      }
    });
    InferenceTask other = RelayRows.task(1, Mode.TURN, new State.Cancelled(null, START), START.plusSeconds(3));
    put(new TaskChange.Put(other));
    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(other), read(state -> state.task(other.id())));
      assertEquals(RelayRows.inEveryState(START).size(), read(state -> state.tasks("", 100, null)).size());
    });
  }

  @Test
  @DisplayName("tasks are listed by id in pages, of all or of one owner, and a deleted one is gone")
  void listed() {
    for (int number : List.of(4, 2, 5, 1, 3)) {
      put(new TaskChange.Put(RelayRows.task(number, Mode.ASYNC, new State.Pending(), START)));
    }
    assertEquals(List.of(1, 2, 3, 4, 5), numbers(read(state -> state.tasks("", 10, null))));
    assertEquals(List.of(3, 4), numbers(read(state -> state.tasks(RelayRows.taskId(2), 2, null))));
    assertEquals(List.of(1, 3, 5), numbers(read(state -> state.tasks("", 10, "s1"))));
    assertEquals(List.of(3), numbers(read(state -> state.tasks(RelayRows.taskId(1), 1, "s1"))));
    assertEquals(List.of(), read(state -> state.tasks("", 10, "nobody")));

    put(new TaskChange.Deleted(RelayRows.taskId(3)));
    nowAndAfterReopen(() -> {
      assertTrue(read(state -> state.task(RelayRows.taskId(3))).isEmpty());
      assertEquals(List.of(1, 5), numbers(read(state -> state.tasks("", 10, "s1"))));
    });
  }

  @Test
  @DisplayName("open tasks are in the order in which they were enqueued, then by id, and one that ended isn't among them")
  void openOnes() {
    put(new TaskChange.Put(RelayRows.task(1, Mode.ASYNC, new State.Pending(), START.plusSeconds(2))),
        new TaskChange.Put(RelayRows.task(3, Mode.ASYNC, new State.Pending(), START.plusSeconds(1))),
        new TaskChange.Put(RelayRows.task(2, Mode.ASYNC, new State.Pending(), START.plusSeconds(1))),
        new TaskChange.Put(RelayRows.task(4, Mode.TURN, new State.Pending(), START)),
        new TaskChange.Put(RelayRows.task(5, Mode.ASYNC, new State.Cancelled(null, START), START)));
    nowAndAfterReopen(() -> {
      assertEquals(List.of(4, 2, 3, 1), numbers(read(state -> state.openTasks(10))));
      assertEquals(List.of(4, 2), numbers(read(state -> state.openTasks(2))));
    });

    put(new TaskChange.Put(RelayRows.task(4, Mode.TURN, new State.Cancelled(null, START), START)),
        new TaskChange.Deleted(RelayRows.taskId(3)));
    nowAndAfterReopen(() -> assertEquals(List.of(2, 1), numbers(read(state -> state.openTasks(10)))));
  }

  @Test
  @DisplayName("usage records come back with every member, in the order of their numbers, in pages")
  void usage() {
    assertEquals(0, read(TaskReads::lastUsage));
    assertEquals(List.of(), read(state -> state.usage(0, 10)));
    for (int number = 1; number <= 5; number++) {
      put(new TaskChange.Used(RelayRows.used(number, START.plusNanos(number * 1000L))));
    }
    nowAndAfterReopen(() -> {
      assertEquals(5, read(TaskReads::lastUsage));
      assertEquals(List.of(RelayRows.used(2, START.plusNanos(2000)), RelayRows.used(3, START.plusNanos(3000))),
          read(state -> state.usage(1, 2)));
      assertEquals(5, read(state -> state.usage(0, 10)).size());
      assertEquals(List.of(), read(state -> state.usage(5, 10)));
    });
  }
}
