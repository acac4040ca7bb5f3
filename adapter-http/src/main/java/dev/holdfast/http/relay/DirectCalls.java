package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Asked;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.Relayed;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.NamedModel;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Departure;
import dev.holdfast.http.RequestIds;
import dev.holdfast.http.StreamSource;
import dev.holdfast.http.Streams;
import dev.holdfast.http.relay.upstream.Upstream;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Calls for somebody who waits: the provider's answer goes back as it comes, and nothing is kept of either. */
@Singleton
public final class DirectCalls {
  static final String PROVIDER = "X-Holdfast-Provider";
  static final String TASK = "X-Holdfast-Task";
  static final String ATTEMPT = "X-Holdfast-Attempt";
  static final String ARTIFACT = "X-Holdfast-Artifact";
  static final String QUEUE_POSITION = "X-Queue-Position";
  static final String QUEUE_WAIT = "X-Queue-Wait-Ms";
  static final String QUEUE_NOTICES = "X-Holdfast-Queue-Notices";
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Relay relay;
  private final Streams streams;

  DirectCalls(Relay relay, Streams streams) {
    this.relay = relay;
    this.streams = streams;
  }

  /** How a provider's answer is told to the caller. */
  public interface Face {
    /**
     * @param text a JSON object
     * @param body the same
     * @return JSON; null when it is no answer to what was asked
     */
    @Nullable
    String whole(String text, Map<?, ?> body);

    StreamSource streamed(AnswerStream stream);
  }

  /** As it is, under the name that the caller used. */
  private record Passed(FaceRequest asked) implements Face {
    @Override
    public @Nullable String whole(String text, Map<?, ?> body) {
      if (asked.request().streaming()) {
        return null;
      }
      return body.get("model") instanceof String ? new NamedModel(asked.model()).in(text) : named(body, asked.model());
    }

    @Override
    public StreamSource streamed(AnswerStream stream) {
      return new FaceSource(stream, asked.model());
    }
  }

  HttpResponse<?> answer(Inference inference) throws InterruptedException {
    return answer(inference, new Passed(inference.asked()));
  }

  /** The caller's leaving ends the call, also while the provider is silent (spec R-45). */
  public HttpResponse<?> answer(Inference inference, Face face) throws InterruptedException {
    boolean goesOn = false;
    try (var _ = Departure.interrupts(inference.request())) {
      var asked = new Asked(Viewer.of(inference.call().key(), inference.call().caller().subject()),
          inference.call().key().id(), RequestIds.of(inference.request()), inference.asked().model(),
          inference.asked().request(), InferenceTask.Mode.DIRECT);
      boolean notices = asked.request().streaming() && "1".equals(inference.request().getHeaders().get(QUEUE_NOTICES));
      MutableHttpResponse<?> answer = notices
          ? noticed(inference, face, asked)
          : told(inference, face, called(inference, asked, _ -> {
          }));
      goesOn = answer.body() instanceof Publisher<?>;
      return answer;
    } finally {
      if (!goesOn) {
        inference.seat().close();
      }
    }
  }

  private Outcome<Relayed> called(Inference inference, Asked asked, IntConsumer place) throws InterruptedException {
    return ScopedValue.where(Upstream.NEAR, Departure.channel(inference.request()).eventLoop())
        .call(() -> relay.call(asked, place));
  }

  /** A call that has to wait begins its answer at once, so that its caller hears of its place (spec R-44). */
  private MutableHttpResponse<?> noticed(Inference inference, Face face, Asked asked) throws InterruptedException {
    var call = new QueuedCall(place -> called(inference, asked, place));
    boolean goesOn = false;
    try {
      Optional<Outcome<Relayed>> outcome = call.await(LOOK);
      int place = call.place();
      while (outcome.isEmpty() && place == 0) {
        outcome = call.await(LOOK);
        place = call.place();
      }
      MutableHttpResponse<?> answer;
      if (outcome.isPresent()) {
        answer = told(inference, face, outcome.get());
      } else {
        answer = streams.answer(inference.request(), inference.call().key().id(),
            inference.seated(() -> new QueuedSource(call, face))).header(QUEUE_POSITION, Integer.toString(place));
      }
      goesOn = true;
      return answer;
    } finally {
      if (!goesOn) {
        call.close();
      }
    }
  }

  private MutableHttpResponse<?> told(Inference inference, Face face, Outcome<Relayed> outcome) {
    return switch (outcome) {
      case Outcome.Refused<Relayed> refused -> Answers.refused(inference.request(), refused);
      case Outcome<Relayed> done -> told(answer(inference, face, done.orThrow()), done.orThrow());
    };
  }

  /** Spec. */
  private static MutableHttpResponse<?> told(MutableHttpResponse<?> answer, Relayed relayed) {
    answer.header(PROVIDER, relayed.provider().name()).header(TASK, relayed.task())
        .header(ATTEMPT, Integer.toString(relayed.attempts()));
    String artifact = relayed.provider().offer().artifactDigest();
    if (artifact != null) {
      answer.header(ARTIFACT, artifact);
    }
    if (relayed.queuedAt() > 0) {
      answer.header(QUEUE_POSITION, Integer.toString(relayed.queuedAt()))
          .header(QUEUE_WAIT, Long.toString(relayed.waited().toMillis()));
    }
    return answer;
  }

  private MutableHttpResponse<?> answer(Inference inference, Face face, Relayed relayed) {
    return switch (relayed.answer()) {
      case ProviderAnswer.Streamed(AnswerStream stream) -> stream(inference, face, stream);
      case ProviderAnswer.Whole whole -> whole(inference, face, whole);
      case ProviderAnswer.Failed failed -> Answers.refused(inference.request(), failed.reason());
    };
  }

  private MutableHttpResponse<?> stream(Inference inference, Face face, AnswerStream stream) {
    boolean opened = false;
    try {
      MutableHttpResponse<?> answer = streams.answer(inference.request(), inference.call().key().id(),
          inference.seated(() -> face.streamed(stream)));
      opened = true;
      return answer;
    } finally {
      if (!opened) {
        stream.close();
      }
    }
  }

  private static MutableHttpResponse<?> whole(Inference inference, Face face, ProviderAnswer.Whole answer) {
    HttpRequest<?> request = inference.request();
    Map<?, ?> body = answer.members();
    if (answer.isOk()) {
      String told = body == null ? null : face.whole(answer.body(), body);
      return told == null ? Answers.refused(request, Reason.PROVIDER_FAILED) : Answers.json(told);
    }
    // A 401 would tell callers that their key for this node is wrong, which it isn't: the provider refused the node's.
    if (answer.status() < 400 || answer.status() == 401 || answer.status() == 403) {
      return Answers.refused(request, Reason.PROVIDER_FAILED);
    }
    Json error = body != null && body.get("error") instanceof Map<?, ?>
        ? Json.of(body)
        : Answers.openAiError(answer.status(), Reason.PROVIDER_FAILED.title(), null, Reason.PROVIDER_FAILED.code());
    MutableHttpResponse<byte[]> passed =
        Answers.withStatus(answer.status(), error).contentType(MediaType.APPLICATION_JSON_TYPE);
    return Answers.error(passed, answer.status(), RequestIds.of(request));
  }

  private static String named(Map<?, ?> body, String model) {
    var members = new TreeMap<@Nullable Object, @Nullable Object>(body);
    members.put("model", model);
    return Json.of(members).text();
  }
}
