package dev.holdfast.application.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.TrueEnd;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one call uses, and tells it once, however the call ends (spec R-48). What the provider counted itself is believed;
 * else each relayed event with a text counts as a token.
 */
public final class Meter {
  public static final String COMPLETED = UsageRecord.COMPLETED;
  public static final String CANCELLED = "cancelled";

  private final Asked asked;
  private final InstantSource clock;
  private final UsageLog log;
  private final Instant began;
  private @Nullable String provider;
  private @Nullable Duration firstToken;
  private ModelEnd.@Nullable Tokens counted;
  private long deltas;
  private boolean finished;
  /** What came with a status of success was no answer to what was asked. */
  private boolean noAnswer;
  private boolean told;

  public Meter(Asked asked, InstantSource clock, UsageLog log) {
    this.asked = asked;
    this.clock = clock;
    this.log = log;
    this.began = clock.instant();
  }

  public void trying(String name) {
    provider = name;
  }

  void take(Piece piece) {
    switch (piece) {
      case Piece.Event(String data) -> take(data);
      case Piece.Ended _ -> ended(finished ? COMPLETED : Reason.UPSTREAM_CUT.code());
      case Piece.Broken broken -> ended(finished ? COMPLETED : broken.reason().code());
      case Piece.Silent _ -> {
        // Nothing was said.
      }
    }
  }

  void take(String data) {
    finished = TrueEnd.isTold(finished, data);
    if (TrueEnd.isText(data)) {
      deltas++;
      firstToken = firstToken == null ? Duration.between(began, clock.instant()) : firstToken;
    }
    // Many servers say that it is null in every event but the last.
    if (TrueEnd.has(data, "\"usage\"", "{")) {
      counted = tokens(read(data), counted);
    }
  }

  /** Whoever reads the answer takes no more of it. */
  void left() {
    ended(finished ? COMPLETED : CANCELLED);
  }

  /** Of an answer whose end is told apart. */
  public void count(ProviderAnswer.Whole answer) {
    Object body = answer.members();
    counted = tokens(body, null);
    noAnswer = body == null || (asked.request().streaming() && asked.mode() != InferenceTask.Mode.ASYNC);
  }

  /** Of an answer whose end is told apart. */
  public void count(Piece piece) {
    if (piece instanceof Piece.Event(String data)) {
      take(data);
    }
  }

  void whole(ProviderAnswer.Whole answer) {
    if (answer.isOk()) {
      count(answer);
      ended(COMPLETED);
    } else {
      ended("status_" + answer.status());
    }
  }

  public void ended(String how) {
    if (told) {
      return;
    }
    told = true;
    String outcome = noAnswer && how.equals(COMPLETED) ? Reason.PROVIDER_FAILED.code() : how;
    Instant now = clock.instant();
    long input = counted == null ? 0 : counted.input();
    long output = counted == null ? deltas : counted.output();
    log.add(new UsageRecord(0, now, asked.origin(), asked.key(), asked.model(), provider, asked.mode(), outcome, input,
        output, counted == null, firstToken, Duration.between(began, now)));
  }

  /** A provider may say what it likes; null for what is no JSON. */
  private static @Nullable Object read(String text) {
    try {
      return Json.read(text);
    } catch (JsonException e) {
      return null;
    }
  }

  private static ModelEnd.@Nullable Tokens tokens(@Nullable Object said, ModelEnd.@Nullable Tokens before) {
    if (said instanceof Map<?, ?> members && members.get("usage") instanceof Map<?, ?> counts
        && counts.get("prompt_tokens") instanceof Long input) {
      return new ModelEnd.Tokens(input, counts.get("completion_tokens") instanceof Long output ? output : 0);
    }
    return before;
  }
}
