package dev.holdfast.http.turns;

import dev.holdfast.application.turns.ExecutorLeases;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.LeaseRules.Observed;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;

/** Holding sessions as an external executor (spec T-91, T-95). */
@Controller("/api/v1/sessions/{id}/lease")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class LeaseController {
  private final ExecutorLeases leases;
  private final Duration ttl;

  LeaseController(ExecutorLeases leases, TurnLimits limits) {
    this.leases = leases;
    this.ttl = limits.leaseTtl();
  }

  @Post
  HttpResponse<?> acquire(Call call, String id) {
    WorkerId session = Call.worker(id);
    ExecutorLeases.Wanted by = Bodies.read(call.body(), members -> FenceBody.wanted(members, call.key().id(), ttl));
    return Answers.of(call.request(), leases.acquire(call.audited(), call.reach(), session, by), ExecutorJson::of);
  }

  private record Reclaim(ExecutorLeases.Wanted by, Observed observed) {}

  @Post("/reclaim")
  HttpResponse<?> reclaim(Call call, String id) {
    WorkerId session = Call.worker(id);
    Reclaim body = Bodies.read(call.body(),
        members -> new Reclaim(FenceBody.wanted(members, call.key().id(), ttl), FenceBody.observed(members)));
    return Answers.of(call.request(),
        leases.reclaim(call.audited(), call.reach(), session, body.by(), body.observed()), ExecutorJson::of);
  }

  private record Renewal(Fence fence, Duration ttl) {}

  @Post("/renew")
  HttpResponse<?> renew(Call call, String id) {
    WorkerId session = Call.worker(id);
    Renewal body =
        Bodies.read(call.body(), members -> new Renewal(FenceBody.read(members), FenceBody.ttl(members, ttl)));
    return Answers.of(call.request(), leases.renew(call.reach(), session, body.fence(), body.ttl()), ExecutorJson::of);
  }

  @Post("/release")
  HttpResponse<?> release(Call call, String id) {
    WorkerId session = Call.worker(id);
    Fence fence = Bodies.read(call.body(), FenceBody::read);
    Outcome<Boolean> released = leases.release(call.audited(), call.reach(), session, fence);
    return released instanceof Outcome.Refused<Boolean> refused
        ? Answers.refused(call.request(), refused)
        : HttpResponse.noContent();
  }
}
