package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.TrueEnd;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt: the backend is called, and what it answers is posted, with exactly one end (spec R-84). Interrupting its thread
 * ends the call; the node is told that it was cancelled.
 */
final class AttemptWork {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptWork.class);
  /** The node takes bodies of 10 MiB, and an answer has a little around it. */
  private static final int MAX_ANSWER = 9 << 20;

  private final Posts posts;
  private final ProviderCalls calls;
  private final Serving serving;
  private final LinkFrame.Infer infer;
  private final AtomicBoolean uploads;

  /**
   * How it ended.
   *
   * @param failure why there was no answer, or not all of it
   * @param isBackendGone whether the backend could not be reached
   */
  record End(boolean isAnswered, @Nullable String failure, boolean isBackendGone) {
    static final End ANSWERED = new End(true, null, false);
    /** Nobody wants it any more. */
    static final End DROPPED = new End(false, null, false);
  }

  /** @param uploads whether the node takes chunks in one call, as far as it is known; shared by all attempts */
  AttemptWork(
      Posts posts, ProviderCalls calls, Serving serving, LinkFrame.Infer infer, AtomicBoolean uploads) {
    this.posts = posts;
    this.calls = calls;
    this.serving = serving;
    this.infer = infer;
    this.uploads = uploads;
  }

  End run() {
    try {
      return tried();
    } catch (InterruptedException e) {
      return cancelled();
    }
  }

  private End tried() throws InterruptedException {
    if (!InferenceRequest.PATHS.contains(infer.path())) {
      // The rest of an address isn't the node's to say.
      return failed("unknown_path", "the publisher doesn't serve this path", false);
    }
    try (var ack = new Acknowledgement(posts)) {
      return answered(ack);
    } catch (RuntimeException e) {
      // Whatever it was, the caller isn't left to the deadline.
      LOG.warn("an attempt broke: {}", e.getClass().getName());
      return failed("publisher_broke", "the publisher broke", false);
    }
  }

  private End answered(Acknowledgement ack) throws InterruptedException {
    ProviderAnswer answer = calls.call(serving.backend(),
        new InferenceRequest(infer.path(), infer.request(), infer.streaming()));
    return switch (answer) {
      case ProviderAnswer.Whole whole -> {
        ack.settle();
        yield whole.body().getBytes(StandardCharsets.UTF_8).length > MAX_ANSWER
            ? failed("answer_too_large", "the answer is too large", false)
            : ended(posts.post(new AttemptPost.Result(whole)));
      }
      case ProviderAnswer.Streamed(AnswerStream stream) -> {
        try (stream; var chunks = new ChunkPosts(posts, uploads)) {
          yield streamed(stream, chunks, ack);
        }
      }
      case ProviderAnswer.Failed(boolean transport, Reason _, String note) -> {
        ack.settle();
        yield failed(transport ? AttemptPost.TRANSPORT : "backend_failed", note, transport);
      }
    };
  }

  private End streamed(AnswerStream stream, ChunkPosts chunks, Acknowledgement ack) throws InterruptedException {
    boolean told = false;
    boolean begun = false;
    while (true) {
      switch (stream.next(chunks.patience())) {
        case AnswerStream.Piece.Event(String data) -> {
          if (!begun) {
            ack.settle();
            begun = true;
          }
          told = TrueEnd.isTold(told, data);
          boolean done = data.equals(TrueEnd.DONE);
          Outcome<Boolean> taken = chunks.add(data, done);
          if (done || taken instanceof Outcome.Refused<Boolean>) {
            return ended(taken);
          }
        }
        case AnswerStream.Piece.Silent _ -> {
          Outcome<Boolean> taken = chunks.silent();
          if (taken instanceof Outcome.Refused<Boolean>) {
            return ended(taken);
          }
        }
        case AnswerStream.Piece.Ended _ -> {
          ack.settle();
          if (told) {
            // Some servers leave their last event out; the answer is whole all the same.
            return ended(chunks.add(TrueEnd.DONE, true));
          }
          return cut(chunks, begun, "the backend ended its answer too early");
        }
        case AnswerStream.Piece.Broken(Reason _, String note) -> {
          ack.settle();
          return cut(chunks, begun, note);
        }
      }
    }
  }

  private End cut(ChunkPosts chunks, boolean begun, String note) throws InterruptedException {
    Outcome<Boolean> taken = chunks.flush();
    return taken instanceof Outcome.Refused<Boolean>
        ? ended(taken)
        : failed(begun ? Reason.UPSTREAM_CUT.code() : AttemptPost.TRANSPORT, note, false);
  }

  /** What the node doesn't take for another reason than that the attempt isn't its publisher's any more is an error. */
  private End ended(Outcome<Boolean> taken) throws InterruptedException {
    if (!(taken instanceof Outcome.Refused<Boolean> refused)) {
      return End.ANSWERED;
    }
    return switch (refused.reason()) {
      case TASK_NOT_FOUND -> End.DROPPED;
      case NODE_UNREACHABLE -> new End(false, "the node can't be reached", false);
      default -> failed("answer_refused", "the node refused the answer: " + refused.reason().code(), false);
    };
  }

  private End failed(String reason, String note, boolean backendGone) throws InterruptedException {
    var _ = posts.post(new AttemptPost.Failure(reason, note));
    return new End(false, note, backendGone);
  }

  /** The thread isn't interrupted any more, so this post goes out. */
  private End cancelled() {
    try {
      var _ = posts.post(new AttemptPost.Cancelled());
    } catch (InterruptedException e) {
      // It was told so twice.
      Thread.currentThread().interrupt();
    }
    return End.DROPPED;
  }
}
