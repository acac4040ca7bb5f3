package dev.holdfast.application.turns;

import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelSink;
import java.util.concurrent.CountDownLatch;

/** What a model does in a test. */
final class FakeModel {
  static final ModelEnd FINISHED = new ModelEnd.Finished(new ModelEnd.Tokens(3, 2));

  private FakeModel() {}

  static ModelEnd answer(ModelSink sink, String... pieces) {
    for (String piece : pieces) {
      sink.delta(false, piece);
    }
    return FINISHED;
  }

  /** Says nothing more until its caller is interrupted. */
  static ModelEnd hang() throws InterruptedException {
    new CountDownLatch(1).await();
    return FINISHED;
  }
}
