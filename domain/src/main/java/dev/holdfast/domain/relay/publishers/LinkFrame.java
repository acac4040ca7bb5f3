package dev.holdfast.domain.relay.publishers;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the node says to a publisher over its link (spec relay §14). A frame that is lost with its link isn't sent again. */
public sealed interface LinkFrame {

  /**
   * The first one.
   *
   * @param providers the names of the publisher's providers
   */
  record Hello(String publisher, String link, Duration heartbeat, List<String> providers) implements LinkFrame {
    public Hello {
      providers = List.copyOf(providers);
    }
  }

  /**
   * A task to work on.
   *
   * @param path behind the base address of the publisher's backend
   * @param request with the caller's name of the model; the publisher puts its backend's in
   */
  record Infer(
      String task, int epoch, String provider, String backendModel, String path, Json request, boolean streaming,
      @Nullable Instant deadline) implements LinkFrame {}

  /** A provider's model is to be loaded. The recipe is the publisher's own. */
  record Wake(String task, int epoch, String provider, Duration within) implements LinkFrame {}

  /** Nobody waits for this attempt any more; it ends that backend call and nothing else. */
  record Cancel(String task, int epoch) implements LinkFrame {}

  /** The last one. */
  record Bye(Why why) implements LinkFrame {}

  /** Why the node closes a link. */
  enum Why {
    REPLACED,
    DRAINING,
    KEY_REVOKED,
    SLOW_READER;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
