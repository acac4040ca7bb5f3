package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.Delivery;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.WorkQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Draws the rows of turns and of what belongs to them. */
record RowsOfTurns(Values v) {
  Claim claim() {
    return new Claim(v.text(), v.text(), v.number(), v.time());
  }

  Fence fence() {
    return new Fence(v.worker(), new Owner(v.word(), v.word()), v.text(), v.number());
  }

  Lease lease() {
    return v.oneOf(() -> new Lease.Free(v.worker(), v.number()),
        () -> new Lease.Held(fence(), liveness(), v.time(), v.time(), v.duration()));
  }

  private Liveness liveness() {
    return v.oneOf(Liveness.Opaque::new,
        () -> new Liveness.LocalProcess(v.word(), v.word(), v.natural(1), v.word()));
  }

  private Boundary boundary() {
    return v.constant(Boundary.class);
  }

  InputState inputState() {
    return v.oneOf(() -> new InputState.Pending(v.turn(), boundary()), InputState.Deferred::new,
        () -> new InputState.Claimed(claim()), () -> new InputState.Bound(v.turn(), claim()),
        () -> new InputState.Accepted(v.turn(), boundary(), claim()),
        () -> new InputState.Completed(v.orNull(v::turn), v.number()), InputState.Cancelled::new);
  }

  Input input() {
    return new Input(v.input(), v.worker(), v.number(), v.orNull(v::text), v.constant(InputKind.class), v.text(),
        v.orNull(v::json),
        v.oneOf(Ingress.NextTurn::new, () -> new Ingress.ActiveTurn(v.orNull(v::turn), boundary())), v.time(),
        v.number(), inputState());
  }

  BatchState batchState() {
    return v.oneOf(BatchState.Waiting::new, () -> new BatchState.Claimed(claim(), v.orNull(v::turn)),
        () -> new BatchState.Bound(v.turn(), claim()), () -> new BatchState.Completed(v.orNull(v::turn)),
        BatchState.Cancelled::new);
  }

  Payload payload() {
    return v.oneOf(() -> new Payload.Command(v.constant(Payload.Command.Kind.class), v.orNull(v::text)),
        () -> new Payload.Wake(v.word(), v.natural(0), v.word(), v.orNull(v::text), v.word(), v.text()));
  }

  Delivery delivery() {
    return new Delivery(v.constant(Delivery.Policy.class), v.constant(Delivery.Slot.class), v.orNull(v::word));
  }

  Batch batch() {
    return new Batch(v.batch(), v.worker(), v.number(), v.orNull(v::text), delivery(), v.time(), v.time(),
        v.some(1, this::payload), batchState());
  }

  WorkQueue queue() {
    return new WorkQueue(v.worker(), v.number(), v.count(), v.count(), v.number());
  }

  private Usage usage() {
    return new Usage(v.number(), v.number());
  }

  Checkpoint checkpoint() {
    return new Checkpoint(v.number(), usage(), v.orNull(this::usage), v.json(), v.number(), v.orNull(v::text));
  }

  Session session() {
    return new Session(v.worker(), v.number(), checkpoint(), v.number(), v.number(), v.orNull(v::turn));
  }

  Stamp stamp() {
    return new Stamp(new Stamp.Key(v.worker(), v.turn(), v.count(), v.count()), v.text(),
        new Stamp.Result(v.number(), checkpoint(), v.number(), v.some(0, v::number), v.number()));
  }

  Admission admission() {
    return new Admission(v.turn(), v.count(), v.count(), v.number(), v.number(), v.time(), v.some(0, v::input),
        v.some(0, v::batch));
  }

  private Attempt attempt() {
    return new Attempt(v.count(), v.number(), v.text(), v.time(), v.count(), v.number(),
        v.orNull(() -> new Attempt.End(v.constant(Attempt.EndedBy.class), v.time())));
  }

  Cancel cancel() {
    return new Cancel(v.time(), v.orNull(v::text), v.orNull(v::text), v.orNull(v::time), v.orNull(v::time),
        v.orNull(v::time));
  }

  private OutputCursor cursor() {
    return new OutputCursor(Math.abs(v.count() >> 1), v.natural(0));
  }

  private TurnOutcome outcome() {
    return v.oneOf(TurnOutcome.Completed::new, () -> new TurnOutcome.Incomplete(v.constant(Reason.class)),
        () -> new TurnOutcome.Failed(v.constant(Reason.class)), TurnOutcome.Cancelled::new);
  }

  Turn turn() {
    return new Turn(v.turn(), v.worker(), v.number(), new Turn.Start(v.some(0, v::input), v.some(0, v::batch)),
        v.some(1, this::attempt), v.time(), v.time(), usage(), v.orNull(this::cursor), v.orNull(this::cancel),
        v.oneOf(Turn.State.Open::new, () -> new Turn.State.Ended(outcome(), v.time(), v.number())));
  }

  private OutputPayload outputPayload() {
    return v.oneOf(() -> new OutputPayload.Delta(v.constant(OutputPayload.Channel.class), v.text()),
        () -> new OutputPayload.AttemptStarted(v.number(), v.orNull(this::cursor),
            v.orNull(() -> new OutputPayload.Previous(v.count(), v.text()))),
        () -> new OutputPayload.Rewound(v.orNull(this::cursor)), () -> new OutputPayload.InputAdmitted(v.input()),
        () -> new OutputPayload.Checkpoint(v.count()),
        () -> new OutputPayload.End(v.text(), v.orNull(v::text), v.number(), v.orNull(v::text)));
  }

  OutputRecord output() {
    return new OutputRecord(v.turn(), v.count(), v.number(), v.time(), outputPayload());
  }

  OutputChange.Appended appended() {
    TurnId turn = v.turn();
    int attempt = v.count();
    long seq = v.number() >> 1;
    Instant at = v.time();
    List<OutputRecord> records = new ArrayList<>();
    for (OutputPayload payload : v.some(1, this::outputPayload)) {
      records.add(new OutputRecord(turn, attempt, seq + records.size(), at, payload));
    }
    return new OutputChange.Appended(turn, records);
  }
}
