package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Asked;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.Relayed;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ModelSink;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.TrueEnd;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls models for turns, with streamed chat completions, whoever serves them. */
@Singleton
final class RelayGateway implements ModelGateway {
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Relay relay;

  RelayGateway(Relay relay) {
    this.relay = relay;
  }

  @Override
  public ModelEnd call(ModelCall call, ModelSink sink) throws InterruptedException {
    var asked =
        new Asked(call.viewer(), null, call.origin(), call.model(), call.request(), InferenceTask.Mode.TURN);
    return switch (relay.call(asked)) {
      case Outcome.Refused<Relayed> refused ->
        new ModelEnd.Failed(refused.reason() != Reason.MODEL_NOT_FOUND, refused.reason().title());
      case Outcome<Relayed> done -> switch (done.orThrow().answer()) {
        case ProviderAnswer.Failed(boolean transport, _, String note) -> new ModelEnd.Failed(transport, note);
        case ProviderAnswer.Whole whole -> failed(whole);
        case ProviderAnswer.Streamed(AnswerStream stream) -> {
          try (stream) {
            yield new Reading(stream, sink).toEnd();
          }
        }
      };
    };
  }

  private static ModelEnd failed(ProviderAnswer.Whole answer) {
    int status = answer.status();
    if (answer.isOk()) {
      return new ModelEnd.Failed(false, "the provider's answer is not a chat completion");
    }
    boolean retry = status == 408 || status == 429 || status >= 500;
    return new ModelEnd.Failed(retry, "the provider answered with status " + status);
  }

  /** One answer being read. */
  private static final class Reading {
    private final AnswerStream stream;
    private final ModelSink sink;
    private boolean produced;
    private @Nullable String finish;
    private ModelEnd.@Nullable Tokens tokens;

    Reading(AnswerStream stream, ModelSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    ModelEnd toEnd() throws InterruptedException {
      while (true) {
        switch (stream.next(LOOK)) {
          case Piece.Silent _ -> {
            // It may still say something.
          }
          case Piece.Event(String data) -> {
            if (data.equals(TrueEnd.DONE)) {
              stream.next(Duration.ZERO);
              return finished(finish == null ? "stop" : finish);
            }
            Optional<ChatChunk> chunk = ChatChunk.parse(data);
            if (chunk.isEmpty() || chunk.get().isError()) {
              return unusable(chunk.isPresent());
            }
            take(chunk.get());
          }
          case Piece.Ended _ -> {
            return ended("the provider gave no answer");
          }
          case Piece.Broken(_, String note) -> {
            return ended(note);
          }
        }
      }
    }

    private ModelEnd ended(String note) {
      if (finish != null) {
        return finished(finish);
      }
      return produced ? new ModelEnd.Cut() : new ModelEnd.Failed(true, note);
    }

    private void take(ChatChunk chunk) {
      if (!chunk.reasoning().isEmpty()) {
        produced = true;
        sink.delta(true, chunk.reasoning());
      }
      if (!chunk.text().isEmpty()) {
        produced = true;
        sink.delta(false, chunk.text());
      }
      finish = chunk.finish() == null ? finish : chunk.finish();
      tokens = chunk.tokens() == null ? tokens : chunk.tokens();
    }

    /** A wrong event behind a part of an answer cuts it; in place of an answer it is a failure. */
    private ModelEnd unusable(boolean toldError) {
      if (produced) {
        return new ModelEnd.Cut();
      }
      return toldError
          ? new ModelEnd.Failed(true, "the provider told of an error")
          : new ModelEnd.Failed(false, "the provider's answer is not a chat completion");
    }

    private ModelEnd finished(String reason) {
      return switch (reason) {
        case "length" -> new ModelEnd.LengthReached(tokens);
        case "content_filter" -> new ModelEnd.Filtered(tokens);
        default -> new ModelEnd.Finished(tokens);
      };
    }
  }
}
