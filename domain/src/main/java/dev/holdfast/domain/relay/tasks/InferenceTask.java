package dev.holdfast.domain.relay.tasks;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model (spec relay §1, §4).
 *
 * @param id {@code task-} and 32 lower-case hex digits
 * @param model the name that the caller used
 * @param owner the subject that asked
 * @param key the id of the key with which it asked; null for the node's own
 * @param path behind a provider's base address, such as {@code /chat/completions}
 * @param request as the caller sent it
 * @param epoch how many attempts there were, so the number of the present one; dense from 1
 * @param deadline when it fails if it hasn't ended; an async task has one only while it is claimed (spec R-26)
 */
public record InferenceTask(
    String id, String model, String owner, @Nullable String key, String path, Json request, boolean streaming,
    Mode mode,
    int epoch, State state, Instant enqueuedAt, @Nullable Instant deadline) {
  private static final Pattern ID = Pattern.compile("task-[0-9a-f]{32}");
  public static final int ID_DIGITS = 32;
  public static final Duration DEADLINE = Duration.ofMinutes(10);
  public static final Duration ACK_WITHIN = Duration.ofSeconds(10);
  public static final Duration PENDING_AT_MOST = Duration.ofHours(1);
  public static final Duration KEPT = Duration.ofDays(7);

  /** Who waits for it. */
  public enum Mode {
    /** A caller on an open connection; it dies with the node. */
    DIRECT,
    /** Nobody: it is durable, and its result is fetched. */
    ASYNC,
    /** A worker's turn, which is durable itself and calls again (spec R-22). */
    TURN;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where it is in its life. */
  public sealed interface State {
    /** Waits for a provider. */
    record Pending() implements State {}

    /** Given to a provider that hasn't said yet that it has it. */
    record Claimed(Attempt attempt) implements State {}

    record Running(Attempt attempt) implements State {}

    /** @param body as the provider answered; null for a stream, of which nothing is kept */
    record Completed(int status, @Nullable Json body, Attempt by, Instant at) implements State {}

    /** @param note fit for users, without an address, content or secret in it; null for none */
    record Failed(Reason reason, @Nullable String note, @Nullable Attempt by, Instant at) implements State {}

    record Cancelled(@Nullable Attempt by, Instant at) implements State {}

    default boolean isEnd() {
      return this instanceof Completed || this instanceof Failed || this instanceof Cancelled;
    }
  }

  /**
   * One try of one provider.
   *
   * @param provider its name
   * @param publisher the id of the publisher that runs it; null when the node calls the provider itself
   * @param lastChunk the number of the last chunk that was taken, 0 for none
   */
  public record Attempt(int epoch, String provider, @Nullable String publisher, Instant claimedAt, long lastChunk) {
    Attempt withChunk(long seq) {
      return new Attempt(epoch, provider, publisher, claimedAt, seq);
    }
  }

  public static String idOf(String digits) {
    return "task-" + digits;
  }

  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  public boolean hasEnded() {
    return state.isEnd();
  }

  /** When it ended, or null. */
  public @Nullable Instant endedAt() {
    return switch (state) {
      case State.Completed done -> done.at();
      case State.Failed failed -> failed.at();
      case State.Cancelled cancelled -> cancelled.at();
      case State.Pending _,State.Claimed _,State.Running _ -> null;
    };
  }

  /** The attempt under way, or null. */
  public @Nullable Attempt attempt() {
    return switch (state) {
      case State.Claimed(Attempt attempt) -> attempt;
      case State.Running(Attempt attempt) -> attempt;
      case State.Pending _,State.Completed _,State.Failed _,State.Cancelled _ -> null;
    };
  }

  /** Whether the caller has seen a part of the answer. */
  public boolean tokensSent() {
    Attempt under = attempt();
    return under != null && under.lastChunk() > 0;
  }

  InferenceTask in(State next) {
    return new InferenceTask(id, model, owner, key, path, request, streaming, mode, epoch, next, enqueuedAt, deadline);
  }

  InferenceTask claimed(Attempt by, @Nullable Instant until) {
    return new InferenceTask(id, model, owner, key, path, request, streaming, mode, by.epoch(), new State.Claimed(by),
        enqueuedAt, until);
  }

  InferenceTask pending() {
    return new InferenceTask(id, model, owner, key, path, request, streaming, mode, epoch, new State.Pending(),
        enqueuedAt,
        mode == Mode.ASYNC ? null : deadline);
  }
}
