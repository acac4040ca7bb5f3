package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.AttemptPost.Attempt;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.publishing.ChunkUpload;
import dev.holdfast.domain.relay.publishing.NodeLink;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node as a publisher sees it, which keeps what it is told and answers as a test wants. */
final class NodeInMemory implements PublishingNode {
  static final Registration.Presented NEW = new Registration.Presented("pub-new", "secret");

  /** Everything but heartbeats, as {@code register}, {@code open} and so on, in order. */
  final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  final BlockingQueue<AttemptPost> posts = new LinkedBlockingQueue<>();
  final BlockingQueue<Map<String, Status>> heartbeats = new LinkedBlockingQueue<>();
  final BlockingQueue<List<Registration.Entry>> registrations = new LinkedBlockingQueue<>();
  // Guarded by this.
  private final Queue<Outcome<?>> registering = new ArrayDeque<>();
  private final Map<Class<?>, Queue<Outcome<Boolean>>> posting = new HashMap<>();
  private @Nullable Outcome<Boolean> noUploads;
  private Outcome<Boolean> heartbeat = new Outcome.Done<>(true);
  private Link link = new Link();

  /** A link on which a test puts frames. */
  static final class Link extends NodeLink {
    private final BlockingQueue<Optional<LinkFrame>> frames = new LinkedBlockingQueue<>();

    void say(LinkFrame frame) {
      frames.add(Optional.of(frame));
    }

    @Override
    public Optional<LinkFrame> next() throws InterruptedException {
      return frames.take();
    }

    @Override
    public void close() {
      frames.add(Optional.empty());
    }
  }

  synchronized void refuseRegistration(Outcome.Refused<?> why) {
    registering.add(why);
  }

  /** The next posts of that kind are answered so, one each. */
  synchronized void answer(Class<? extends AttemptPost.Content> kind, Outcome<Boolean> answer) {
    posting.computeIfAbsent(kind, _ -> new ArrayDeque<>()).add(answer);
  }

  /** Uploads end so, at their first chunk. */
  synchronized void refuseUploads(Outcome<Boolean> why) {
    noUploads = why;
  }

  synchronized void answerHeartbeats(Outcome<Boolean> answer) {
    heartbeat = answer;
  }

  synchronized Link link() {
    return link;
  }

  void say(LinkFrame frame) {
    link().say(frame);
  }

  /** The next call that isn't a heartbeat or a post. */
  String called() throws InterruptedException {
    String call = calls.poll(20, TimeUnit.SECONDS);
    return call == null ? "nothing" : call;
  }

  /** The next post that isn't the one that a task was received. */
  AttemptPost posted() throws InterruptedException {
    while (true) {
      AttemptPost post = posts.poll(20, TimeUnit.SECONDS);
      if (post == null) {
        throw new AssertionError("nothing was posted");
      }
      if (!(post.content() instanceof AttemptPost.Received)) {
        return post;
      }
    }
  }

  @Override
  public Outcome<Registered> register(
      Registration.@Nullable Presented as, @Nullable String label, List<Registration.Entry> entries) {
    calls.add("register " + (as == null ? "new" : as.publisher()));
    registrations.add(entries);
    Outcome<?> refused;
    synchronized (this) {
      refused = registering.poll();
    }
    return refused instanceof Outcome.Refused<?> why ? why.as()
        : new Outcome.Done<>(new Registered(as == null ? NEW : as,
            entries.stream().map(entry -> entry.offer().name()).toList()));
  }

  @Override
  public synchronized Outcome<Boolean> heartbeat(Registration.Presented as, Map<String, Status> statuses) {
    heartbeats.add(statuses);
    return heartbeat;
  }

  @Override
  public synchronized Outcome<NodeLink> open(Registration.Presented as) {
    calls.add("open " + as.publisher());
    link = new Link();
    link.say(new LinkFrame.Hello(as.publisher(), "link", Duration.ofMillis(20), List.of()));
    return new Outcome.Done<>(link);
  }

  @Override
  public Outcome<Boolean> post(Registration.Presented as, AttemptPost post) {
    posts.add(post);
    synchronized (this) {
      Queue<Outcome<Boolean>> answers = posting.get(post.content().getClass());
      Outcome<Boolean> answer = answers == null ? null : answers.poll();
      return answer == null ? new Outcome.Done<>(true) : answer;
    }
  }

  /** What was uploaded is told as one post when the upload ends. */
  @Override
  public ChunkUpload upload(Registration.Presented as, Attempt attempt) {
    return new ChunkUpload() {
      private final List<Chunk> chunks = new ArrayList<>();

      @Override
      public boolean send(Chunk chunk) {
        chunks.add(chunk);
        return refused() == null;
      }

      @Override
      public boolean stay() {
        return refused() == null;
      }

      @Override
      public long sent() {
        return chunks.stream().mapToLong(chunk -> chunk.data().length()).sum();
      }

      @Override
      public Outcome<Boolean> end() {
        Outcome<Boolean> why = refused();
        calls.add("upload");
        if (why != null) {
          return why;
        }
        posts.add(new AttemptPost(attempt, new AttemptPost.Chunks(chunks)));
        return new Outcome.Done<>(true);
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  private synchronized @Nullable Outcome<Boolean> refused() {
    return noUploads;
  }

  static Outcome.Refused<Boolean> gone() {
    return Outcome.refused(Reason.TASK_NOT_FOUND);
  }
}
