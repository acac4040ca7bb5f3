package dev.holdfast.http.relay;

import dev.holdfast.application.access.InFlight;
import dev.holdfast.application.access.InFlight.Seat;
import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.reactivestreams.Publisher;

/** Chat completions for OpenAI's clients, straight to the model's provider (spec relay §7). */
@Controller("/v1/chat/completions")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class ChatController {
  static final String PROVIDER = "X-Holdfast-Provider";

  private final Models models;
  private final ChatRelay relay;
  private final ScriptedChat scripted;
  private final InFlight inFlight;

  ChatController(Models models, ChatRelay relay, ScriptedChat scripted, InFlight inFlight) {
    this.models = models;
    this.inFlight = inFlight;
    this.relay = relay;
    this.scripted = scripted;
  }

  @Post
  HttpResponse<?> complete(Call call) throws InterruptedException {
    ChatRequest asked = ChatRequest.read(Bodies.json(call.body()));
    return switch (models.resolve(asked.model(), call.key())) {
      case Outcome.Done<Provider>(Provider provider) -> complete(call, asked, provider);
      case Outcome.Replayed<Provider>(Provider provider) -> complete(call, asked, provider);
      case Outcome.Refused<Provider> refused -> Answers.refused(call.request(), refused);
    };
  }

  private HttpResponse<?> complete(Call call, ChatRequest asked, Provider provider) throws InterruptedException {
    return switch (inFlight.enter(call.key().id(), call.key().limits().maxInFlight())) {
      case Outcome.Done<Seat>(Seat seat) -> complete(new Inference(call, asked, seat), provider);
      case Outcome.Replayed<Seat>(Seat seat) -> complete(new Inference(call, asked, seat), provider);
      case Outcome.Refused<Seat> refused -> Answers.refused(call.request(), refused);
    };
  }

  private HttpResponse<?> complete(Inference inference, Provider provider) throws InterruptedException {
    boolean goesOn = false;
    try {
      MutableHttpResponse<?> answer = provider.isScripted()
          ? scripted.answer(inference, provider)
          : relay.answer(inference, provider);
      goesOn = answer.body() instanceof Publisher<?>;
      return answer.header(PROVIDER, provider.name());
    } finally {
      if (!goesOn) {
        inference.seat().close();
      }
    }
  }
}
