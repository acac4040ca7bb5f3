package dev.holdfast.domain.turns.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.queue.WorkQueue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about inputs. */
public abstract class InputReadsContract extends StoreSuite {

  private List<Input> pending(WorkerId session, int limit) {
    return read(state -> state.pendingInputs(session, limit));
  }

  private List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state) {
    return read(s -> s.inputs(session, after, limit, state));
  }

  private Input in(Input input, InputState state) {
    put(new InputChange.Moved(input.in(state)));
    return input.in(state);
  }

  @Test
  @DisplayName("a session without inputs has an empty queue and no pages")
  void nothing() {
    WorkerId worker = worker();

    assertEquals(new WorkQueue(worker, 0, 0, 0, 0), read(state -> state.workQueue(worker)));
    assertEquals(List.of(), pending(worker, 10));
    assertEquals(List.of(), inputs(worker, 0, 10, null));
    assertTrue(read(state -> state.input(new InputId(5))).isEmpty());
    assertTrue(read(state -> state.inputBySourceKey(worker, "k")).isEmpty());
  }

  @Test
  @DisplayName("an input comes back with every member in each of its states")
  void comesBack() {
    WorkerId worker = worker();
    var draft = new InputDraft(InputKind.SYSTEM, "\u0000 text \ud83d\ude00 '\"", Json.parse("{\"b\":1,\"a\":[1.5]}"),
        new Ingress.NextTurn(), "source key");
    Input input = send(worker, draft);
    Input bare = send(worker, "bare");
    var turn = new TurnId(77);
    var claim = new Claim("inc:turn:1", "token", 3, START.plusNanos(1000));

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(input), read(state -> state.input(input.id())));
      assertEquals(Optional.of(bare), read(state -> state.input(bare.id())));
    });
    for (InputState state : List.of(new InputState.Bound(turn, claim), new InputState.Completed(turn, 3),
        new InputState.Cancelled(), new InputState.Deferred())) {
      Input moved = in(input, state);
      nowAndAfterReopen(() -> assertEquals(Optional.of(moved), read(s -> s.input(input.id()))));
    }
  }

  @Test
  @DisplayName("a source key is found in its own session only, whatever became of the input")
  void sourceKeys() {
    WorkerId one = worker();
    WorkerId other = worker();
    Input first = send(one, InputDraft.user("a").withKey("k"));
    Input second = send(other, InputDraft.user("b").withKey("k"));
    Input ended = in(first, new InputState.Cancelled());

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(ended), read(state -> state.inputBySourceKey(one, "k")));
      assertEquals(Optional.of(second), read(state -> state.inputBySourceKey(other, "k")));
      assertTrue(read(state -> state.inputBySourceKey(one, "K")).isEmpty());
    });
  }

  @Test
  @DisplayName("pending inputs come in the order of their numbers, without those that are bound or have ended")
  void pendingInOrder() {
    WorkerId worker = worker();
    Input first = send(worker, "1");
    Input second = send(worker, system("2"));
    Input third = send(worker, "3");
    Input fourth = send(worker, "4");
    send(worker(), "of another session");
    in(first, new InputState.Cancelled());
    in(third, new InputState.Bound(new TurnId(5), new Claim("c", "t", 1, START)));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(second, fourth), pending(worker, 10));
      assertEquals(List.of(second), pending(worker, 1));
      assertEquals(List.of(), pending(worker, 0));
    });
    in(third, new InputState.Deferred());
    nowAndAfterReopen(() -> assertEquals(List.of(second, third, fourth), pending(worker, 10)));
  }

  @Test
  @DisplayName("inputs are listed by number, in pages and by the text of their state")
  void listed() {
    WorkerId worker = worker();
    Input first = in(send(worker, "1"), new InputState.Completed(new TurnId(5), 3));
    Input second = in(send(worker, "2"), new InputState.Bound(new TurnId(6), new Claim("c", "t", 1, START)));
    Input third = in(send(worker, "3"), new InputState.Cancelled());
    Input fourth = send(worker, "4");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(first, second, third, fourth), inputs(worker, 0, 10, null));
      assertEquals(List.of(second, third), inputs(worker, 1, 2, null));
      assertEquals(List.of(), inputs(worker, 4, 10, null));
      assertEquals(List.of(), inputs(worker, 0, 0, null));
      assertEquals(List.of(second, fourth), inputs(worker, 0, 10, "deferred_next_turn"));
      assertEquals(List.of(fourth), inputs(worker, 2, 10, "deferred_next_turn"));
      assertEquals(List.of(first), inputs(worker, 0, 10, "completed"));
      assertEquals(List.of(third), inputs(worker, 0, 10, "cancelled"));
      assertEquals(List.of(), inputs(worker, 0, 10, "no such state"));
    });
  }

  @Test
  @DisplayName("cancelling what is pending in one session touches no other session and nothing that is bound or ended")
  void cancelPendingOfOne() {
    WorkerId worker = worker();
    Input bound = in(send(worker, "1"), new InputState.Bound(new TurnId(5), new Claim("c", "t", 1, START)));
    Input done = in(send(worker, "2"), new InputState.Completed(new TurnId(4), 3));
    Input waiting = send(worker, "3");
    WorkerId other = worker();
    Input elsewhere = send(other, "4");

    put(new InputChange.PendingCancelled(worker));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(bound, done, waiting.in(new InputState.Cancelled())), inputs(worker, 0, 10, null));
      assertEquals(new WorkQueue(worker, 3, 0, 0, 0), read(state -> state.workQueue(worker)));
      assertEquals(List.of(), pending(worker, 10));
      assertEquals(List.of(elsewhere), pending(other, 10));
      assertEquals(new WorkQueue(other, 1, 1, 0, 0), read(state -> state.workQueue(other)));
    });
  }

  @Test
  @DisplayName("cancelling what is pending everywhere keeps the numbers that were given")
  void cancelPendingOfAll() {
    WorkerId one = worker();
    WorkerId other = worker();
    send(one, "1");
    send(one, "2");
    send(other, "3");

    put(new InputChange.PendingCancelled(null));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(), pending(one, 10));
      assertEquals(List.of(), pending(other, 10));
      assertEquals(new WorkQueue(one, 2, 0, 0, 0), read(state -> state.workQueue(one)));
      assertEquals(new WorkQueue(other, 1, 0, 0, 0), read(state -> state.workQueue(other)));
      assertEquals(2, inputs(one, 0, 10, "cancelled").size());
    });
    assertEquals(3, send(one, "next").enqueueSeq());
  }

  @Test
  @DisplayName("a pending user input is told from pending system inputs and from none")
  void pendingUserInput() {
    WorkerId worker = worker();
    assertEquals(false, read(state -> state.hasPendingUserInput(worker)));
    send(worker, system("note"));
    assertEquals(false, read(state -> state.hasPendingUserInput(worker)));
    send(worker, "go");
    nowAndAfterReopen(() -> assertEquals(true, read(state -> state.hasPendingUserInput(worker))));
    take(worker, HERE);
    nowAndAfterReopen(() -> assertEquals(false, read(state -> state.hasPendingUserInput(worker))));
  }
}
