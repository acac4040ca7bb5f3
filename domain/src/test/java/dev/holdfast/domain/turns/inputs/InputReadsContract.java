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
import java.util.ArrayList;
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

  @Test
  @DisplayName("an input comes back with the ingress that it was submitted with, whatever it became")
  void ingressComesBack() {
    WorkerId worker = worker();
    List<Input> accepted = new ArrayList<>();
    for (Boundary earliest : Boundary.values()) {
      accepted.add(send(worker, active(null, earliest, "any turn")));
    }
    send(worker, "opens a turn");
    TurnId open = take(worker, HERE).turn().id();
    for (Boundary earliest : Boundary.values()) {
      accepted.add(send(worker, active(open, earliest, "this turn")));
    }

    nowAndAfterReopen(() -> {
      for (Input input : accepted.subList(2, 4)) {
        assertEquals(Optional.of(input), read(state -> state.input(input.id())));
        assertEquals(open, input.turn());
      }
      for (Input input : accepted) {
        assertEquals(input.submittedIngress(), read(state -> state.input(input.id())).orElseThrow().submittedIngress());
      }
    });
  }

  private static InputDraft active(@Nullable TurnId turn, Boundary earliest, String content) {
    return new InputDraft(InputKind.USER, content, null, new Ingress.ActiveTurn(turn, earliest), null);
  }

  private static Claim claim(long generation) {
    return new Claim("inc:1:" + generation, "token", generation, START.plusNanos(1000));
  }

  @Test
  @DisplayName("what waits for the next turn and what waits for a checkpoint is told apart, both in order and in pages")
  void waitingForWhat() {
    WorkerId worker = worker();
    var one = new TurnId(71);
    var other = new TurnId(72);
    Input first = in(send(worker, "1"), new InputState.Pending(one, Boundary.BEFORE_COMPLETION));
    Input second = send(worker, system("2"));
    Input third = in(send(worker, "3"), new InputState.Pending(other, Boundary.AFTER_WORK));
    Input fourth = in(send(worker, "4"), new InputState.Pending(one, Boundary.AFTER_WORK));
    assertEquals(false, read(state -> state.hasPendingUserInput(worker)), "they wait for a turn that runs");
    Input fifth = send(worker, "5");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(first, second, third, fourth, fifth), pending(worker, 10));
      assertEquals(List.of(first, second), pending(worker, 2));
      assertEquals(List.of(second, fifth), read(state -> state.nextTurnInputs(worker, 10)));
      assertEquals(List.of(second), read(state -> state.nextTurnInputs(worker, 1)));
      assertEquals(List.of(first, fourth), active(worker, one, Boundary.BEFORE_COMPLETION, 10));
      assertEquals(List.of(first), active(worker, one, Boundary.BEFORE_COMPLETION, 1));
      assertEquals(List.of(fourth), active(worker, one, Boundary.AFTER_WORK, 10));
      assertEquals(List.of(third), active(worker, other, Boundary.AFTER_WORK, 10));
      assertEquals(List.of(), active(worker, new TurnId(73), Boundary.AFTER_WORK, 10));
      assertEquals(List.of(first, third, fourth), inputs(worker, 0, 10, "pending_active"));
      assertEquals(true, read(state -> state.hasPendingUserInput(worker)));
    });
    Input deferred = in(fourth, new InputState.Deferred());
    nowAndAfterReopen(() -> {
      assertEquals(List.of(second, deferred, fifth), read(state -> state.nextTurnInputs(worker, 10)));
      assertEquals(List.of(first), active(worker, one, Boundary.BEFORE_COMPLETION, 10));
    });
  }

  private List<Input> active(WorkerId session, TurnId turn, Boundary checkpoint, int limit) {
    return read(state -> state.activeInputs(session, turn, checkpoint, limit));
  }

  @Test
  @DisplayName("held are the inputs that are claimed or accepted, and they wait for nothing")
  void held() {
    WorkerId worker = worker();
    Input first = in(send(worker, "1"), new InputState.Accepted(new TurnId(7), Boundary.BEFORE_COMPLETION, claim(2)));
    in(send(worker, "2"), new InputState.Bound(new TurnId(7), claim(2)));
    Input third = in(send(worker, "3"), new InputState.Claimed(claim(1)));
    Input fourth = send(worker, "4");
    in(send(worker(), "elsewhere"), new InputState.Claimed(claim(1)));

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(first), read(state -> state.input(first.id())));
      assertEquals(Optional.of(third), read(state -> state.input(third.id())));
      assertEquals(List.of(first, third), read(state -> state.heldInputs(worker)));
      assertEquals(List.of(fourth), pending(worker, 10));
      assertEquals(List.of(first), inputs(worker, 0, 10, "accepted"));
    });
    Input back = in(first, new InputState.Deferred());
    in(third, new InputState.Completed(null, 4));
    nowAndAfterReopen(() -> {
      assertEquals(List.of(), read(state -> state.heldInputs(worker)));
      assertEquals(List.of(back, fourth), read(state -> state.nextTurnInputs(worker, 10)));
      assertEquals(new InputState.Completed(null, 4), read(state -> state.input(third.id())).orElseThrow().state());
    });
  }

  @Test
  @DisplayName("a hundred inputs of other turns hide none of this one's, and none that waits for the next")
  void manyOfOthers() {
    WorkerId worker = worker();
    for (int i = 0; i < 50; i++) {
      in(send(worker, "other " + i), new InputState.Pending(new TurnId(71), Boundary.AFTER_WORK));
      in(send(worker, "held " + i), new InputState.Accepted(new TurnId(71), Boundary.AFTER_WORK, claim(2)));
    }
    Input own = in(send(worker, "own"), new InputState.Pending(new TurnId(72), Boundary.AFTER_WORK));
    Input next = send(worker, "next");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(own), active(worker, new TurnId(72), Boundary.AFTER_WORK, 1));
      assertEquals(List.of(next), read(state -> state.nextTurnInputs(worker, 1)));
    });
  }

  @Test
  @DisplayName("cancelling what is pending takes what waits for a checkpoint too, and leaves what is held")
  void cancelPendingActive() {
    WorkerId worker = worker();
    Input active = in(send(worker, "1"), new InputState.Pending(new TurnId(7), Boundary.AFTER_WORK));
    Input held = in(send(worker, "2"), new InputState.Accepted(new TurnId(7), Boundary.AFTER_WORK, claim(2)));
    WorkerId other = worker();
    Input elsewhere = in(send(other, "3"), new InputState.Pending(new TurnId(8), Boundary.AFTER_WORK));

    put(new InputChange.PendingCancelled(worker));
    nowAndAfterReopen(() -> {
      assertEquals(List.of(active.in(new InputState.Cancelled()), held), inputs(worker, 0, 10, null));
      assertEquals(List.of(elsewhere), pending(other, 10));
    });
    put(new InputChange.PendingCancelled(null));
    nowAndAfterReopen(() -> {
      assertEquals(List.of(elsewhere.in(new InputState.Cancelled())), inputs(other, 0, 10, null));
      assertEquals(0, read(state -> state.workQueue(other)).pendingInputs());
      assertEquals(List.of(held), read(state -> state.heldInputs(worker)));
    });
  }
}
