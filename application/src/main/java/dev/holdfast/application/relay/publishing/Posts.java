package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.ChunkUpload;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import java.time.Duration;

/** What is posted of one attempt. A post that found no node is made again a few times: each may be taken twice without harm. */
final class Posts {
  private static final int TRIES = 6;

  private final PublishingNode node;
  private final Registration.Presented as;
  private final AttemptPost.Attempt attempt;
  private final Timing timing;

  Posts(PublishingNode node, Registration.Presented as, AttemptPost.Attempt attempt, Timing timing) {
    this.node = node;
    this.as = as;
    this.attempt = attempt;
    this.timing = timing;
  }

  Timing timing() {
    return timing;
  }

  Outcome<Boolean> post(AttemptPost.Content content) throws InterruptedException {
    Duration pause = timing.retry();
    Outcome<Boolean> posted = node.post(as, new AttemptPost(attempt, content));
    for (int tries = 1; tries < TRIES && is(posted, Reason.NODE_UNREACHABLE); tries++) {
      Thread.sleep(pause);
      pause = pause.multipliedBy(2);
      posted = node.post(as, new AttemptPost(attempt, content));
    }
    return posted;
  }

  ChunkUpload upload() {
    return node.upload(as, attempt);
  }

  static boolean is(Outcome<?> outcome, Reason reason) {
    return outcome instanceof Outcome.Refused<?> refused && refused.reason() == reason;
  }
}
