package dev.holdfast.cli.turns.executors;

import static org.awaitility.Awaitility.await;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** One reader of the feed, and for each turn that it sees begin one reader of the turn's output. */
final class Followers implements AutoCloseable {
  private static final long AGAIN_NANOS = 50_000_000;

  private final List<NodeClient> readers;
  private final Map<String, FollowedTurn> turns = new ConcurrentHashMap<>();
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger following = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private String lastId = "";
  private volatile boolean over;

  /** @param readers who read; a key may have only so many streams at once, so there are several */
  Followers(List<NodeClient> readers) {
    this.readers = readers;
    threads.execute(this::followFeed);
  }

  private void followFeed() {
    while (!over) {
      try {
        readers.getFirst().read("/api/v1/events/stream", lastId, frame -> {
          take(frame);
          return !over;
        });
        LockSupport.parkNanos(AGAIN_NANOS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void take(NodeClient.Frame frame) {
    lastId = frame.id();
    Json event = Json.parse(frame.data());
    String name = NodeClient.optionalText(event, "name");
    String turn = NodeClient.optionalText(NodeClient.member(event, "data"), "turn_id");
    if (name == null || turn == null) {
      return;
    }
    switch (name) {
      case "turn.started" -> {
        open.add(turn);
        follow(turn);
      }
      case "turn.completed", "turn.incomplete", "turn.failed", "turn.cancelled" -> open.remove(turn);
      default -> {
        // Nothing about beginning or end.
      }
    }
  }

  private void follow(String turn) {
    var followed = new FollowedTurn(turn);
    NodeClient reader = readers.get(turns.size() % readers.size());
    if (turns.putIfAbsent(turn, followed) != null) {
      // The feed's reader met the same event again, or the turn began twice.
      turns.get(turn).judge().faults().add("began twice");
      return;
    }
    following.incrementAndGet();
    threads.execute(() -> {
      try {
        followed.follow(reader);
      } catch (InterruptedException e) {
        // Nobody waits any more.
      } finally {
        following.decrementAndGet();
      }
    });
  }

  /** The turns that have begun and not ended, as far as the feed has told. */
  Set<String> open() {
    return open;
  }

  /** Waits until every turn's end was seen, and tells what each reader was left with. */
  List<FireJudge.Followed> awaitEnds(Duration patience) {
    await().atMost(patience).until(() -> open.isEmpty() && following.get() == 0);
    return turns.values().stream().map(followed -> new FireJudge.Followed(followed.turn(), followed.judge().outcome(),
        followed.judge().text(), followed.judge().faults())).toList();
  }

  @Override
  public void close() {
    over = true;
    turns.values().forEach(FollowedTurn::giveUp);
    threads.shutdownNow();
  }
}
