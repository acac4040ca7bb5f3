package dev.holdfast.http.relay.publishing;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishing.NodeLink;
import dev.holdfast.http.relay.upstream.SseReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The frames of a link as they come in (spec relay §14). */
final class NodeFrames extends NodeLink {
  /** The node sends a sign of life every 20 s. */
  private static final Duration QUIET = Duration.ofSeconds(50);

  /** A frame holds a caller's whole request, of which the node takes 10 MiB, perhaps escaped. */
  private static final int MAX_FRAME = 24 << 20;

  private final LinkBody body;
  private final SseReader events;

  NodeFrames(LinkBody body) {
    this.body = body;
    this.events = new SseReader(MAX_FRAME);
  }

  @Override
  public Optional<LinkFrame> next() throws InterruptedException {
    try {
      while (true) {
        SseReader.Event event = events.event(body, QUIET);
        if (event == null) {
          return Optional.empty();
        }
        Optional<LinkFrame> frame = frame(event);
        if (frame.isPresent()) {
          return frame;
        }
      }
    } catch (IOException | JsonException e) {
      return Optional.empty();
    }
  }

  /** Empty for one that a newer node sends. */
  private static Optional<LinkFrame> frame(SseReader.Event event) {
    Map<String, @Nullable Object> data = Json.parse(event.data()).members();
    return switch (event.name()) {
      case "hello" -> Optional.of(new LinkFrame.Hello(text(data, "publisher_id"), text(data, "link_id"),
          Duration.ofSeconds(Math.max(1, whole(data, "heartbeat_s"))), names(data.get("providers"))));
      case "task" -> task(data);
      case "bye" -> Optional.of(new LinkFrame.Bye(why(text(data, "why"))));
      case null, default -> Optional.empty();
    };
  }

  private static Optional<LinkFrame> task(Map<String, @Nullable Object> data) {
    String task = text(data, "task_id");
    int epoch = (int) whole(data, "epoch");
    return switch (text(data, "kind")) {
      case "infer" -> Optional.of(new LinkFrame.Infer(task, epoch, text(data, "provider"), text(data, "backend_model"),
          text(data, "path"), Json.of(data.get("request")), Boolean.TRUE.equals(data.get("streaming")),
          instant(data.get("deadline_at"))));
      case "wake" -> Optional.of(new LinkFrame.Wake(task, epoch, text(data, "provider"),
          Duration.ofSeconds(whole(data, "max_wait_s"))));
      case "cancel" -> Optional.of(new LinkFrame.Cancel(task, epoch));
      default -> Optional.empty();
    };
  }

  private static String text(Map<String, @Nullable Object> data, String name) {
    return data.get(name) instanceof String text ? text : "";
  }

  private static long whole(Map<String, @Nullable Object> data, String name) {
    return data.get(name) instanceof Long number ? number : 0;
  }

  private static List<String> names(@Nullable Object list) {
    return list instanceof List<?> items
        ? items.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  private static @Nullable Instant instant(@Nullable Object text) {
    try {
      return text instanceof String given ? Texts.parseInstant(given) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static LinkFrame.Why why(String text) {
    try {
      return LinkFrame.Why.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return LinkFrame.Why.DRAINING;
    }
  }

  @Override
  public void close() {
    body.close();
  }
}
