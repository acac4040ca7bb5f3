package dev.holdfast.domain.relay;

import org.jspecify.annotations.Nullable;

/** How a model call ended. */
public sealed interface ModelEnd {
  /** What the provider counted; null where it didn't say. */
  record Tokens(long input, long output) {}

  /** The answer is whole. */
  record Finished(@Nullable Tokens tokens) implements ModelEnd {}

  /** The provider ended the answer at its output limit. */
  record LengthReached(@Nullable Tokens tokens) implements ModelEnd {}

  /** The provider withheld the rest of the answer. */
  record Filtered(@Nullable Tokens tokens) implements ModelEnd {}

  /**
   * No answer: the address can't be reached, or it answered with an error or with something that isn't an answer.
   *
   * @param retry whether the same call may succeed a little later
   * @param note fit for users, without an address, content or secret in it
   */
  record Failed(boolean retry, String note) implements ModelEnd {}

  /** The stream ended before the answer did. */
  record Cut() implements ModelEnd {}
}
