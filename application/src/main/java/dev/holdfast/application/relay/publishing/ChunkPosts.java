package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.publishing.ChunkUpload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of one attempt on their way: in one call that goes on while they come, or, where the node refuses that, in posts of what
 * was gathered for a moment. What isn't known to have been taken is held, up to a bound, and sent again where the node misses it.
 */
final class ChunkPosts implements AutoCloseable {
  static final int MAX_HELD = 4_096;
  static final long MAX_HELD_CHARS = 2 << 20;
  private static final int MAX_BATCH = 64;
  private static final long MAX_BATCH_CHARS = 256 * 1024;
  /** Below the largest body that a node takes. */
  private static final long MAX_UPLOAD = 8 << 20;
  private static final int MAX_RESENT = 8;

  private final Posts posts;
  private final AtomicBoolean uploads;
  /** Sent, but perhaps not taken. */
  private final Deque<Chunk> held = new ArrayDeque<>();
  private long heldChars;
  /** Not sent; the last ones of those that are held. */
  private int unsent;
  private long unsentChars;
  private long firstUnsent;
  private long seq;
  private @Nullable ChunkUpload upload;
  private boolean posting;

  ChunkPosts(Posts posts, AtomicBoolean uploads) {
    this.posts = posts;
    this.uploads = uploads;
    this.posting = !uploads.get();
  }

  /** How long to wait for the next piece before {@link #silent} is called. */
  Duration patience() {
    if (unsent == 0) {
      return posts.timing().stay();
    }
    Duration left = posts.timing().batch().minusNanos(System.nanoTime() - firstUnsent);
    return left.isPositive() ? left : Duration.ofNanos(1);
  }

  /** @return whether it was taken or is on its way */
  Outcome<Boolean> add(String data, boolean done) throws InterruptedException {
    seq++;
    Chunk chunk = new Chunk(seq, data, done);
    hold(chunk);
    Outcome<Boolean> taken = posting ? gathered(chunk) : uploaded(chunk);
    return done && !(taken instanceof Outcome.Refused<Boolean>) ? flush() : taken;
  }

  private void hold(Chunk chunk) {
    held.addLast(chunk);
    heldChars += chunk.data().length();
    while (held.size() > unsent + 1 && (held.size() > MAX_HELD || heldChars > MAX_HELD_CHARS)) {
      heldChars -= held.removeFirst().data().length();
    }
  }

  private Outcome<Boolean> uploaded(Chunk chunk) throws InterruptedException {
    ChunkUpload current = upload;
    if (current != null && current.sent() > MAX_UPLOAD) {
      unsent = 1;
      Outcome<Boolean> taken = flush();
      if (posting || taken instanceof Outcome.Refused<Boolean>) {
        return taken;
      }
      unsent = 0;
      current = null;
    }
    if (current == null) {
      current = posts.upload();
      upload = current;
    }
    return current.send(chunk) ? new Outcome.Done<>(true) : instead(current.end());
  }

  private Outcome<Boolean> gathered(Chunk chunk) throws InterruptedException {
    if (unsent == 0) {
      firstUnsent = System.nanoTime();
    }
    unsent++;
    unsentChars += chunk.data().length();
    // The first one is waited for by somebody.
    boolean full = unsent >= MAX_BATCH || unsentChars >= MAX_BATCH_CHARS || patience().toNanos() <= 1;
    return chunk.seq() == 1 || full ? posted() : new Outcome.Done<>(true);
  }

  /** Nothing came for as long as {@link #patience} said. */
  Outcome<Boolean> silent() throws InterruptedException {
    ChunkUpload current = upload;
    if (current == null || posting) {
      return unsent == 0 ? new Outcome.Done<>(true) : posted();
    }
    return current.stay() ? new Outcome.Done<>(true) : instead(current.end());
  }

  /** Everything so far has been taken, or why not. */
  Outcome<Boolean> flush() throws InterruptedException {
    ChunkUpload current = upload;
    if (posting || current == null) {
      return unsent == 0 ? new Outcome.Done<>(true) : posted();
    }
    Outcome<Boolean> ended = current.end();
    if (ended instanceof Outcome.Refused<Boolean>) {
      return instead(ended);
    }
    upload = null;
    taken(unsent);
    return ended;
  }

  /** The upload came to nothing: what it held is posted, unless nobody wants it. */
  private Outcome<Boolean> instead(Outcome<Boolean> ended) throws InterruptedException {
    if (!(ended instanceof Outcome.Refused<Boolean> refused) || refused.reason() == Reason.TASK_NOT_FOUND) {
      return ended instanceof Outcome.Refused<Boolean> ? ended : Outcome.refused(Reason.TASK_NOT_FOUND);
    }
    switch (refused.reason()) {
      case ROUTE_NOT_FOUND, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE -> uploads.set(false);
      default -> {
        // This one alone.
      }
    }
    posting = true;
    close();
    unsent = held.size();
    return posted();
  }

  private Outcome<Boolean> posted() throws InterruptedException {
    for (int tries = 0; tries < MAX_RESENT && unsent > 0; tries++) {
      List<Chunk> batch = batch();
      Outcome<Boolean> posted = posts.post(new AttemptPost.Chunks(batch));
      if (posted instanceof Outcome.Refused<Boolean> refused) {
        if (!missing(refused)) {
          return posted;
        }
      } else {
        tries = -1;
        taken(unsent - batch.size());
      }
    }
    return unsent == 0 ? new Outcome.Done<>(true) : Outcome.refused(Reason.CHUNK_GAP);
  }

  /** Of those that aren't sent, as many as one post may hold. */
  private List<Chunk> batch() {
    List<Chunk> batch = new ArrayList<>();
    long chars = 0;
    int skip = held.size() - unsent;
    for (Chunk chunk : held) {
      if (skip-- > 0) {
        continue;
      }
      if (!batch.isEmpty() && (batch.size() >= MAX_BATCH || chars + chunk.data().length() > MAX_BATCH_CHARS)) {
        break;
      }
      batch.add(chunk);
      chars += chunk.data().length();
    }
    return batch;
  }

  /** Whether the node misses chunks that are still held; they are to be sent again then (spec R-84). */
  private boolean missing(Outcome.Refused<Boolean> refused) {
    if (refused.reason() != Reason.CHUNK_GAP || !(refused.facts().get("expected_seq") instanceof Number expected)) {
      return false;
    }
    long first = held.isEmpty() ? seq + 1 : held.peekFirst().seq();
    if (expected.longValue() < first || expected.longValue() > seq) {
      return false;
    }
    unsent = (int) (seq - expected.longValue() + 1);
    return true;
  }

  /** All but the last so many. */
  private void taken(int left) {
    while (held.size() > left) {
      heldChars -= held.removeFirst().data().length();
    }
    unsent = left;
    unsentChars = left == 0 ? 0 : heldChars;
    firstUnsent = System.nanoTime();
  }

  @Override
  public void close() {
    if (upload != null) {
      upload.close();
      upload = null;
    }
  }
}
