package dev.holdfast.http;

import dev.holdfast.application.access.KeyCheck;
import dev.holdfast.application.access.Keys;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;

/** Opens server-sent event streams, knows how many there are, and ends them at shutdown (spec ). */
@Singleton
public final class Streams implements ApplicationEventListener<ShutdownEvent> {
  /** How long a reader that was too slow is given to take the frame that tells it so. */
  static final Duration FAREWELL = Duration.ofMinutes(1);
  /** How long a node that goes waits for its streams to have said so. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final NodeState node;
  private final KeyCheck keys;
  private final int max;
  private final int maxPerKey;
  private final Duration slowAfter;
  private final Duration pingEvery;
  private final Set<EventStream> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong slow = new AtomicLong();

  // Guarded by this.
  private int open;
  /** By key; never more entries than open streams. */
  private final Map<String, Integer> openOf = new HashMap<>();

  Streams(
      NodeState node, Keys ending, KeyCheck keys, @Value("${holdfast.stream.max:12000}") int max,
      @Value("${holdfast.stream.max-per-key:64}") int maxPerKey,
      @Value("${holdfast.stream.slow-after:30s}") Duration slowAfter,
      @Value("${holdfast.stream.ping-every:15s}") Duration pingEvery) {
    this.node = node;
    this.keys = keys;
    this.max = max;
    this.maxPerKey = maxPerKey;
    this.slowAfter = slowAfter;
    this.pingEvery = pingEvery;
    node.whenDraining(() -> running.forEach(EventStream::wake));
    ending.whenEnded(key -> running.stream().filter(stream -> stream.isOf(key)).forEach(EventStream::end));
  }

  /**
   * An answer that counts as an open stream from now on.
   *
   * @param key the id of the caller's key
   * @param source opened when the server begins to write the stream, and closed when it ends; opened and closed at once
   *     when the caller leaves before
   */
  public MutableHttpResponse<Publisher<byte[]>> answer(
      HttpRequest<?> request, String key, Supplier<? extends StreamSource> source) {
    try (Room room = room(key)) {
      return answer(request, room, source);
    }
  }

  /** Room for one stream more. Closing it gives it back, unless a stream was answered in it. */
  public final class Room implements AutoCloseable {
    private final String key;
    private boolean used;

    private Room(String key) {
      this.key = key;
    }

    @Override
    public void close() {
      if (!used) {
        used = true;
        closed(key);
      }
    }
  }

  /**
   * For streams whose beginning has effects: when it is known that there is room for them.
   *
   * @throws RefusalException too_many_streams
   */
  public Room room(String key) {
    take(key);
    return new Room(key);
  }

  /** As {@link #answer(HttpRequest, String, Supplier)}, in a room that was found before. */
  public MutableHttpResponse<Publisher<byte[]>> answer(
      HttpRequest<?> request, Room room, Supplier<? extends StreamSource> source) {
    var place = new Place(request, source, () -> closed(room.key));
    room.used = true;
    place.keep();
    Publisher<byte[]> frames = subscriber -> new EventStream(subscriber, place, room.key, this).start();
    return HttpResponse.ok(frames).contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
        .header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
  }

  private synchronized void take(String key) {
    if (open >= max) {
      throw tooMany(Statuses.OF_NODE);
    }
    if (openOf.getOrDefault(key, 0) >= maxPerKey) {
      throw tooMany(Statuses.OF_KEY);
    }
    open++;
    openOf.merge(key, 1, Integer::sum);
  }

  private static RefusalException tooMany(String scope) {
    return new RefusalException(Outcome.refused(Reason.TOO_MANY_STREAMS, Statuses.SCOPE, scope));
  }

  private synchronized void closed(String key) {
    open--;
    openOf.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }

  /** One frame. The data is canonical JSON, so it has no line break. */
  public static String frame(String id, String event, Json data) {
    return "id: " + id + "\nevent: " + event + "\ndata: " + data.text() + "\n\n";
  }

  public synchronized int open() {
    return open;
  }

  /** Readers that were too slow since the node began. */
  public long slow() {
    return slow.get();
  }

  /** How long a reader that takes nothing is waited for. */
  Duration slowAfter() {
    return slowAfter;
  }

  /** After so much silence a comment shows that both sides are there. */
  Duration pingEvery() {
    return pingEvery;
  }

  boolean isDraining() {
    return node.phase() == NodeState.Phase.DRAINING;
  }

  /** Why no stream of that key goes on, if so (spec A-50). */
  Optional<Reason> whyEnded(String key) {
    return keys.whyEnded(key);
  }

  void began(EventStream stream) {
    running.add(stream);
  }

  void ended(EventStream stream) {
    running.remove(stream);
  }

  void foundSlow() {
    slow.incrementAndGet();
  }

  /** Comes before the server closes its connections, which until then carry the streams' last words. */
  @Override
  public void onApplicationEvent(ShutdownEvent event) {
    if (!isDraining()) {
      return;
    }
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    synchronized (this) {
      long left = LAST_WORDS.toMillis();
      while (open > 0 && left > 0) {
        try {
          wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    }
  }
}
