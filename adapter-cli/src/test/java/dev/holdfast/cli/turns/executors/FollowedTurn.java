package dev.holdfast.cli.turns.executors;

import dev.holdfast.cli.turns.StreamJudge;
import java.util.concurrent.locks.LockSupport;

/** A reader of a turn's output that comes back by Last-Event-ID as often as its connection breaks, until the end. */
final class FollowedTurn {
  private static final long AGAIN_NANOS = 50_000_000;

  private final String turn;
  private final StreamJudge judge = new StreamJudge();
  private volatile boolean over;

  FollowedTurn(String turn) {
    this.turn = turn;
  }

  /** Returns once the end came, or when nobody wants it any more. Behind the end it looks once more. */
  void follow(NodeClient node) throws InterruptedException {
    while (!judge.hasEnded() && !over) {
      if (!read(node)) {
        LockSupport.parkNanos(AGAIN_NANOS);
      }
    }
    read(node);
  }

  private boolean read(NodeClient node) throws InterruptedException {
    return node.read("/api/v1/turns/" + turn + "/output", judge.lastId(), frame -> {
      if (frame.event().startsWith("output.")) {
        judge.take(frame.id(), frame.event(), frame.data());
      }
      return !judge.hasEnded() && !over;
    });
  }

  void giveUp() {
    over = true;
  }

  String turn() {
    return turn;
  }

  StreamJudge judge() {
    return judge;
  }
}
