package dev.holdfast.http.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.ChunkUpload;
import dev.holdfast.domain.relay.publishing.NodeLink;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The real way to a node, on a machine that a test sends to sleep: nothing goes out and nothing is read until it wakes. It may also
 * lose its link without the node being told, as happens behind a NAT.
 */
final class SleepyNode implements PublishingNode {
  private final PublishingNode node;
  /** What was answered to posts and uploads of attempts since it slept. */
  final List<Outcome<Boolean>> answers = new CopyOnWriteArrayList<>();
  // Guarded by this.
  private boolean asleep;
  private @Nullable Held link;

  SleepyNode(PublishingNode node) {
    this.node = node;
  }

  synchronized void sleep() {
    asleep = true;
    answers.clear();
  }

  synchronized void wake() {
    asleep = false;
    notifyAll();
  }

  private synchronized void awaitAwake() throws InterruptedException {
    while (asleep) {
      wait();
    }
  }

  /** The machine believes that its link is gone, and the node that it is there, until what is returned is closed. */
  synchronized Held loseLink() {
    Held lost = link;
    if (lost == null) {
      throw new IllegalStateException("there is no link");
    }
    lost.lose();
    return lost;
  }

  @Override
  public Outcome<Registered> register(
      Registration.@Nullable Presented as, @Nullable String label, List<Registration.Entry> entries)
      throws InterruptedException {
    awaitAwake();
    return node.register(as, label, entries);
  }

  @Override
  public Outcome<Boolean> heartbeat(Registration.Presented as, Map<String, Status> statuses)
      throws InterruptedException {
    awaitAwake();
    return node.heartbeat(as, statuses);
  }

  @Override
  public Outcome<NodeLink> open(Registration.Presented as) throws InterruptedException {
    awaitAwake();
    return node.open(as).map(opened -> {
      var held = new Held(opened);
      synchronized (this) {
        link = held;
      }
      return held;
    });
  }

  @Override
  public Outcome<Boolean> post(Registration.Presented as, AttemptPost post) throws InterruptedException {
    awaitAwake();
    Outcome<Boolean> answer = node.post(as, post);
    answers.add(answer);
    return answer;
  }

  @Override
  public ChunkUpload upload(Registration.Presented as, AttemptPost.Attempt attempt) {
    ChunkUpload upload = node.upload(as, attempt);
    return new ChunkUpload() {
      @Override
      public boolean send(AttemptPost.Chunk chunk) throws InterruptedException {
        awaitAwake();
        return upload.send(chunk);
      }

      @Override
      public boolean stay() throws InterruptedException {
        awaitAwake();
        return upload.stay();
      }

      @Override
      public long sent() {
        return upload.sent();
      }

      @Override
      public Outcome<Boolean> end() throws InterruptedException {
        awaitAwake();
        Outcome<Boolean> answer = upload.end();
        answers.add(answer);
        return answer;
      }

      @Override
      public void close() {
        upload.close();
      }
    };
  }

  /** A link whose frames are read ahead, so that its reader can be told another thing than the node. */
  final class Held extends NodeLink {
    private final NodeLink real;
    private final BlockingQueue<Optional<LinkFrame>> frames = new LinkedBlockingQueue<>();
    private volatile boolean lost;

    private Held(NodeLink real) {
      this.real = real;
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try {
        Optional<LinkFrame> frame;
        do {
          frame = real.next();
          frames.add(lost ? Optional.empty() : frame);
        } while (frame.isPresent());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void lose() {
      lost = true;
      frames.add(Optional.empty());
    }

    @Override
    public Optional<LinkFrame> next() throws InterruptedException {
      Optional<LinkFrame> frame = frames.take();
      awaitAwake();
      return frame;
    }

    /** A machine that has lost it has nothing to close. */
    @Override
    public void close() {
      if (!lost) {
        real.close();
      }
    }

    /** The node finds out. */
    void end() {
      real.close();
    }
  }
}
