package dev.holdfast.domain.relay.publishing;

import dev.holdfast.domain.relay.ProviderAnswer;
import java.time.Duration;
import java.util.List;

/** What a publisher tells of an attempt (spec relay R-84). */
public record AttemptPost(Attempt of, Content content) {

  /** @param epoch which attempt at the task it is */
  public record Attempt(String task, int epoch) {}

  /** What is told. */
  public sealed interface Content {}

  /** The publisher has the task. */
  public record Received() implements Content {}

  /** It has ended the attempt, as it was told to. */
  public record Cancelled() implements Content {}

  /** The provider's model is loaded. */
  public record Woken(Duration took) implements Content {}

  /** Pieces of a streamed answer. */
  public record Chunks(List<Chunk> chunks) implements Content {
    public Chunks {
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * One piece.
   *
   * @param seq from 1, without a gap in an attempt
   * @param data of one event of the answer
   * @param done whether it is the last one
   */
  public record Chunk(long seq, String data, boolean done) {}

  /** The whole answer, be it an error of the backend. */
  public record Result(ProviderAnswer.Whole whole) implements Content {}

  /**
   * There is no answer, or not the rest of it.
   *
   * @param reason a word; {@link #TRANSPORT} when another provider may do better
   * @param note fit for users: nothing of the backend's address, of content or of a secret is in it
   */
  public record Failure(String reason, String note) implements Content {}

  public static final String TRANSPORT = "transport";
}
