package dev.holdfast.http.turns;

import dev.holdfast.application.turns.ExecutorTurns;
import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Query;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Working on the turns of a session that is held (spec T-92, T-94, T-95). */
@Controller("/api/v1/sessions/{id}")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class ExecutorController {
  private final ExecutorTurns turns;

  ExecutorController(ExecutorTurns turns) {
    this.turns = turns;
  }

  private record Next(Fence fence, @Nullable List<BatchId> batches) {
    static Next read(JsonMembers members) {
      Fence fence = FenceBody.read(members);
      List<String> ids = members.texts("batch_ids");
      return new Next(fence, ids.isEmpty()
          ? null
          : members.checked("batch_ids", () -> ids.stream().map(BatchId::parse).toList()));
    }
  }

  @Post("/next-work")
  HttpResponse<?> next(Call call, String id) {
    WorkerId session = Call.worker(id);
    Next body = Bodies.read(call.body(), Next::read);
    return Answers.of(call.request(), turns.next(call.reach(), session, body.fence(), body.batches()),
        ExecutorJson::of);
  }

  @Get("/context")
  HttpResponse<?> context(Call call, String id) {
    String turn = call.query().text("turn_id");
    if (turn == null) {
      throw Query.wrong("turn_id");
    }
    return Answers.of(call.request(), turns.context(call.reach(), Call.worker(id), Call.turn(turn)),
        ExecutorJson::context);
  }

  private record Claims(Fence fence, ExecutorTurns.Standing at) {
    static Claims read(JsonMembers members) {
      Fence fence = FenceBody.read(members);
      TurnId turn = members.parsed("turn_id", TurnId::parse);
      int attempt = FenceBody.count(members, "attempt");
      Boundary kind = members.parsed("kind", Claims::kind);
      return new Claims(fence, new ExecutorTurns.Standing(turn, attempt, kind));
    }

    private static Boundary kind(String text) {
      Boundary kind = Boundary.valueOf(text.toUpperCase(Locale.ROOT));
      if (!kind.text().equals(text)) {
        throw new IllegalArgumentException(text);
      }
      return kind;
    }
  }

  @Post("/checkpoint-claims")
  HttpResponse<?> claims(Call call, String id) {
    WorkerId session = Call.worker(id);
    Claims body = Bodies.read(call.body(), Claims::read);
    return Answers.of(call.request(), turns.claim(call.reach(), session, body.fence(), body.at()), ExecutorJson::of);
  }

  private record Abandoned(Fence fence, String claim, String token) {}

  @Post("/abandon")
  HttpResponse<?> abandon(Call call, String id) {
    WorkerId session = Call.worker(id);
    Abandoned body = Bodies.read(call.body(), members -> new Abandoned(FenceBody.read(members),
        members.text("claim_id"), members.text("claim_token")));
    Outcome<Integer> abandoned =
        turns.abandon(call.reach(), session, body.fence(), body.claim(), body.token());
    return abandoned instanceof Outcome.Refused<Integer> refused
        ? Answers.refused(call.request(), refused)
        : HttpResponse.noContent();
  }

  @Post("/commits")
  HttpResponse<?> commit(Call call, String id) {
    WorkerId session = Call.worker(id);
    TurnCommit commit = Bodies.read(call.body(), CommitBody::read);
    Outcome<ExecutorTurns.Committed> outcome = turns.commit(call.reach(), session, commit);
    boolean replayed = outcome instanceof Outcome.Replayed<ExecutorTurns.Committed>;
    return Answers.of(call.request(), outcome, committed -> ExecutorJson.of(committed, replayed));
  }

  private record Acknowledged(Fence fence, TurnId turn) {}

  @Post("/cancel-ack")
  HttpResponse<?> acknowledge(Call call, String id) {
    WorkerId session = Call.worker(id);
    Acknowledged body = Bodies.read(call.body(),
        members -> new Acknowledged(FenceBody.read(members), members.parsed("turn_id", TurnId::parse)));
    return Answers.of(call.request(), turns.acknowledge(call.reach(), session, body.fence(), body.turn()),
        TurnJson::of);
  }
}
