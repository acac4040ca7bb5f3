package dev.holdfast.cli;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Talks to a node's own API, again where that may help. Built on {@link HttpURLConnection}, because a command lives for one or two calls and the newer
 * client takes longer to load than those take.
 */
public final class Client {
  private static final int TRIES = 4;
  private static final long TRY_AGAIN_MS = 300;

  private final Exchange exchange;

  /**
   * @param key the caller's key, or null to be told that one is needed
   * @param timeout for an answer, the waits that the node asks for included
   * @param trust whom to believe that they are the node; null for those that Java's own list names
   * @param details hears of each call
   */
  public Client(String base, @Nullable String key, Duration timeout, @Nullable SSLSocketFactory trust,
      Consumer<String> details) {
    String clean = base.replaceAll("/+$", "");
    this.exchange = new Exchange(clean, Settings.shown("url", clean), key, timeout, trust, details);
  }

  public String address() {
    return exchange.address();
  }

  /** @return the answer, or null when it has no body */
  public @Nullable Json get(String path) {
    return patiently(() -> exchange.call("GET", path, null, null));
  }

  public Json object(String path) {
    return present(get(path));
  }

  public Json post(String path, Json body) {
    return present(exchange.call("POST", path, body, null));
  }

  /** @param idempotencyKey under which the call is made again when its answer is lost */
  public Json post(String path, Json body, String idempotencyKey) {
    Refusal lost = null;
    for (int attempt = 1;; attempt++) {
      try {
        return present(patiently(() -> exchange.call("POST", path, body, idempotencyKey)));
      } catch (Refusal refusal) {
        if (lost == null ? !refusal.is(Reason.OUTCOME_UNKNOWN) : !refusal.isPassing()) {
          throw refusal;
        }
        // Once an answer was lost, a node that can't be reached leaves it at that: nobody knows.
        lost = lost == null ? refusal : lost;
        if (attempt == TRIES) {
          throw lost;
        }
        pause(TRY_AGAIN_MS * attempt);
      }
    }
  }

  /** As {@link #object}, but a node that is away is waited for. */
  public Json awaited(String path, Duration patience) {
    return awaited(patience, () -> {}, () -> object(path));
  }

  /** @param onAway is run once, when the node is away */
  public Json awaited(String path, Duration patience, Runnable onAway) {
    return awaited(patience, onAway, () -> object(path));
  }

  /** As {@link #post(String, Json, String)}, but a node that is away is waited for. */
  public Json awaitedPost(String path, Json body, Duration patience) {
    String idempotencyKey = freshKey();
    return awaited(patience, () -> {}, () -> post(path, body, idempotencyKey));
  }

  private static Json awaited(Duration patience, Runnable onAway, Supplier<Json> call) {
    long start = System.nanoTime();
    boolean told = false;
    while (true) {
      try {
        return call.get();
      } catch (Refusal refusal) {
        if (!refusal.isPassing() || System.nanoTime() - start > patience.toNanos()) {
          throw refusal;
        }
      }
      if (!told) {
        onAway.run();
        told = true;
      }
      pause(TRY_AGAIN_MS);
    }
  }

  public Json put(String path, Json body) {
    return present(exchange.call("PUT", path, body, null));
  }

  /** @return the answer; an empty object when it has no body */
  public Json delete(String path) {
    return Objects.requireNonNullElse(exchange.call("DELETE", path, null, null), Json.EMPTY_OBJECT);
  }

  /** Makes a call again that may be made twice, when the node asks for a little patience. */
  private @Nullable Json patiently(Supplier<@Nullable Json> call) {
    long start = System.nanoTime();
    while (true) {
      try {
        return call.get();
      } catch (Refusal refusal) {
        Duration wait = Duration.ofSeconds(refusal.secondsToWait());
        Duration gone = Duration.ofNanos(System.nanoTime() - start);
        if (wait.isZero() || gone.plus(wait).compareTo(exchange.timeout()) > 0) {
          throw refusal;
        }
        exchange.details().accept("the node asks to wait for " + wait.toSeconds() + " s: " + refusal.getMessage());
        pause(wait.toMillis());
      }
    }
  }

  private static Json present(@Nullable Json answer) {
    if (answer == null) {
      throw Refusal.of(Reason.INTERNAL, "the answer is empty");
    }
    return answer;
  }

  /**
   * Opens a stream of server-sent events.
   *
   * @return the connection, or null when the stream has nothing more
   * @throws IOException when the node can't be reached or isn't ready; trying again later is worth while
   */
  @Nullable
  HttpURLConnection openStream(String path, @Nullable String lastEventId, Duration quiet) throws IOException {
    return exchange.openStream(path, lastEventId, quiet);
  }

  /** A fresh key, so that a call whose answer was lost can be made again. */
  public static String freshKey() {
    return "cli-" + Long.toHexString(System.currentTimeMillis()) + "-" + Long.toHexString(System.nanoTime()) + "-"
        + ProcessHandle.current().pid();
  }

  /** A text of a user's as one segment of a path or one value of a query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
