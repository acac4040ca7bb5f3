package dev.holdfast.domain.turns.responses;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.GivenContext;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.workers.Worker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A response that is kept: an input of a worker, and the turn that answers it (spec R-51).
 *
 * @param turn null before there is one
 */
public record Response(ResponseId id, Worker worker, Input input, @Nullable Turn turn) {

  public ResponseStatus status() {
    return ResponseStatus.of(input, turn);
  }

  /** What was asked for, without the input. */
  public Json request() {
    return GivenContext.request(Objects.requireNonNullElse(input.options(), Json.EMPTY_OBJECT));
  }

  public GivenContext given() {
    return GivenContext.of(input);
  }
}
