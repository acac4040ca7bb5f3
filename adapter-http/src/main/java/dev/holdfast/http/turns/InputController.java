package dev.holdfast.http.turns;

import dev.holdfast.application.turns.WorkerInputs;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.cancels.InputCancels;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.Wire;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.workers.RuntimeName;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Set;

/** Sending inputs to workers, looking at them and taking them back. */
@Controller("/api/v1/workers/{id}/inputs")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class InputController {
  private static final Set<String> STATES =
      Set.of("pending_active", "deferred_next_turn", "accepted", "completed", "cancelled");

  private final WorkerInputs inputs;
  private final RuntimeName runtime;

  InputController(WorkerInputs inputs, RuntimeName runtime) {
    this.inputs = inputs;
    this.runtime = runtime;
  }

  /** The caller's idempotency key is the input's source key. */
  @Post
  HttpResponse<?> send(Call call, String id) {
    String key = call.idempotencyKey();
    WorkerId worker = Call.worker(id);
    InputDraft draft = Bodies.read(call.body(), members -> InputBody.read(members, key));
    return Answers.of(call.request(), inputs.send(call.audited(), call.sender(worker), draft),
        ack -> TurnJson.of(runtime.get(), ack));
  }

  @Get
  HttpResponse<?> list(Call call, String id) {
    String state = call.query().text("state");
    if (state != null && !STATES.contains(state)) {
      throw Query.wrong("state");
    }
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    return Answers.of(call.request(), inputs.list(call.runtime(), Call.worker(id), call.reach(), state, page),
        found -> Wire.page(found, input -> TurnJson.of(input, call.showsContent())));
  }

  @Get("/{input_id}")
  HttpResponse<?> show(Call call, String id, @PathVariable("input_id") String input) {
    return Answers.of(call.request(), inputs.show(call.runtime(), Call.worker(id), call.reach(), parsed(input)),
        found -> TurnJson.of(found, call.showsContent()));
  }

  @Post("/{input_id}/cancel")
  HttpResponse<?> cancel(Call call, String id, @PathVariable("input_id") String input) {
    WorkerId worker = Call.worker(id);
    byte[] body = call.body();
    boolean cascade = body.length > 0 && Bodies.read(body, members -> members.bool("cascade", false));
    var target = new InputCancels.Target.ById(parsed(input));
    return Answers.of(call.request(), inputs.cancel(call.audited(), call.sender(worker), target, cascade),
        result -> CancelBody.single(result, call.showsContent()));
  }

  @Post("/cancel")
  HttpResponse<?> cancelMany(Call call, String id) {
    WorkerId worker = Call.worker(id);
    CancelBody body = Bodies.read(call.body(), CancelBody::read);
    Outcome<List<InputCancels.Result>> results = body.from() == null
        ? inputs.cancelAll(call.audited(), call.sender(worker), body.targets())
        : inputs.cancelFrom(call.audited(), call.sender(worker), body.from());
    return Answers.of(call.request(), results, body::results);
  }

  /** No input has a name of another form, so such a name is an unknown one. */
  private static InputId parsed(String text) {
    try {
      return InputId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RefusalException(Reason.INPUT_NOT_FOUND);
    }
  }
}
