package dev.holdfast.http;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;

/** Opens server-sent event streams and knows how many there are (spec ). */
@Singleton
public final class Streams {
  /** How long a reader that was too slow is given to take the frame that tells it so. */
  static final Duration FAREWELL = Duration.ofMinutes(1);

  private final NodeState node;
  private final int max;
  private final Duration slowAfter;
  private final Duration pingEvery;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong slow = new AtomicLong();

  Streams(
      NodeState node, @Value("${holdfast.stream.max:12000}") int max,
      @Value("${holdfast.stream.slow-after:30s}") Duration slowAfter,
      @Value("${holdfast.stream.ping-every:15s}") Duration pingEvery) {
    this.node = node;
    this.max = max;
    this.slowAfter = slowAfter;
    this.pingEvery = pingEvery;
  }

  /** @param source opened when the server begins to write the stream, and closed when it ends */
  public MutableHttpResponse<Publisher<byte[]>> answer(Supplier<? extends StreamSource> source) {
    if (open.get() >= max) {
      throw new RefusalException(Reason.TOO_MANY_STREAMS);
    }
    Publisher<byte[]> frames = subscriber -> new EventStream(subscriber, source, this).start();
    return HttpResponse.ok(frames).contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
        .header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
  }

  /** One frame. The data is canonical JSON, so it has no line break. */
  public static String frame(String id, String event, Json data) {
    return "id: " + id + "\nevent: " + event + "\ndata: " + data.text() + "\n\n";
  }

  public int open() {
    return open.get();
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

  void opened() {
    open.incrementAndGet();
  }

  void foundSlow() {
    slow.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }
}
