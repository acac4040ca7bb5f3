package dev.holdfast.cli;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Talks to a node's own API. Built on {@link HttpURLConnection}, because a command lives for one or two calls and the newer
 * client takes longer to load than those take.
 */
public final class Client {
  private static final int CONNECT_MS = 3_000;
  private static final int TRIES = 4;
  private static final long TRY_AGAIN_MS = 300;
  private static final String BROKEN = "the connection broke before the answer came";

  static {
    // A call is repeated by us, under a key that makes it a replay, or not at all.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private final String base;
  /** The base as it may be printed. */
  private final String address;
  private final @Nullable String key;
  private final Duration timeout;
  private final @Nullable SSLSocketFactory trust;
  private final Consumer<String> details;

  /**
   * @param key the caller's key, or null to be told that one is needed
   * @param timeout for an answer, the waits that the node asks for included
   * @param trust whom to believe that they are the node; null for those that Java's own list names
   * @param details hears of each call
   */
  public Client(String base, @Nullable String key, Duration timeout, @Nullable SSLSocketFactory trust,
      Consumer<String> details) {
    this.base = base.replaceAll("/+$", "");
    this.address = Settings.shown("url", this.base);
    this.key = key;
    this.timeout = timeout;
    this.trust = trust;
    this.details = details;
  }

  public String address() {
    return address;
  }

  /** @return the answer, or null when it has no body */
  public @Nullable Json get(String path) {
    return patiently(() -> call("GET", path, null, null));
  }

  public Json object(String path) {
    return present(get(path));
  }

  public Json post(String path, Json body) {
    return present(call("POST", path, body, null));
  }

  /** @param idempotencyKey under which the call is made again when its answer is lost */
  public Json post(String path, Json body, String idempotencyKey) {
    Refusal lost = null;
    for (int attempt = 1;; attempt++) {
      try {
        return present(patiently(() -> call("POST", path, body, idempotencyKey)));
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
    long start = System.nanoTime();
    while (true) {
      try {
        return object(path);
      } catch (Refusal refusal) {
        if (!refusal.isPassing() || System.nanoTime() - start > patience.toNanos()) {
          throw refusal;
        }
        pause(TRY_AGAIN_MS);
      }
    }
  }

  /** As {@link #post(String, Json, String)}, but a node that is away is waited for. */
  public Json awaitedPost(String path, Json body, Duration patience) {
    String idempotencyKey = freshKey();
    long start = System.nanoTime();
    while (true) {
      try {
        return post(path, body, idempotencyKey);
      } catch (Refusal refusal) {
        if (!refusal.isPassing() || System.nanoTime() - start > patience.toNanos()) {
          throw refusal;
        }
        pause(TRY_AGAIN_MS);
      }
    }
  }

  public Json put(String path, Json body) {
    return present(call("PUT", path, body, null));
  }

  /** @return the answer; an empty object when it has no body */
  public Json delete(String path) {
    return Objects.requireNonNullElse(call("DELETE", path, null, null), Json.EMPTY_OBJECT);
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
        if (wait.isZero() || gone.plus(wait).compareTo(timeout) > 0) {
          throw refusal;
        }
        details.accept("the node asks to wait for " + wait.toSeconds() + " s: " + refusal.getMessage());
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

  private @Nullable Json call(String method, String path, @Nullable Json body, @Nullable String idempotencyKey) {
    HttpURLConnection connection = connect(path);
    try {
      connection.setRequestMethod(method);
      connection.setReadTimeout((int) timeout.toMillis());
      connection.setRequestProperty("Accept", "application/json");
      if (idempotencyKey != null) {
        connection.setRequestProperty("Idempotency-Key", idempotencyKey);
      }
      if (body != null) {
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
      }
      connection.connect();
      details.accept(method + " " + address + path.replaceFirst("\\?.*", ""));
      if (body != null) {
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body.text().getBytes(StandardCharsets.UTF_8));
        }
      }
      return answer(connection);
    } catch (ConnectException | UnknownHostException | NoRouteToHostException e) {
      throw unreachable();
    } catch (SSLException e) {
      Refusal failed = Handshake.failed(e, address, trust != null);
      throw failed == null ? lost(method, BROKEN) : failed;
    } catch (IOException e) {
      Refusal secure = Handshake.secure(base, address);
      throw secure != null ? secure
          : lost(method,
              e instanceof SocketTimeoutException ? "no answer within " + timeout.toSeconds() + " s" : BROKEN);
    }
  }

  private static Refusal lost(String method, String note) {
    return Refusal.of(method.equals("GET") ? Reason.REQUEST_TIMEOUT : Reason.OUTCOME_UNKNOWN, note);
  }

  private Refusal unreachable() {
    return Refusal.of(Reason.NODE_UNREACHABLE, "nothing answers at " + address);
  }

  /**
   * Opens a stream of server-sent events.
   *
   * @return the connection, or null when the stream has nothing more
   * @throws IOException when the node can't be reached or isn't ready; trying again later is worth while
   */
  @Nullable
  HttpURLConnection openStream(String path, @Nullable String lastEventId, Duration quiet) throws IOException {
    HttpURLConnection connection = connect(path);
    connection.setReadTimeout((int) quiet.toMillis());
    connection.setRequestProperty("Accept", "text/event-stream");
    if (lastEventId != null) {
      connection.setRequestProperty("Last-Event-ID", lastEventId);
    }
    int status;
    try {
      status = connection.getResponseCode();
    } catch (SSLHandshakeException e) {
      Refusal failed = Handshake.failed(e, address, trust != null);
      if (failed == null) {
        throw e;
      }
      throw failed;
    }
    if (status == HttpURLConnection.HTTP_OK) {
      return connection;
    }
    if (status == HttpURLConnection.HTTP_UNAVAILABLE) {
      connection.disconnect();
      throw new IOException("the node is not ready");
    }
    answer(connection);
    return null;
  }

  private HttpURLConnection connect(String path) {
    try {
      var connection = (HttpURLConnection) URI.create(base + path).toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      if (trust != null && connection instanceof HttpsURLConnection secure) {
        secure.setSSLSocketFactory(trust);
      }
      connection.setConnectTimeout(CONNECT_MS);
      connection.setRequestProperty("User-Agent", "holdfast-cli/" + Version.text());
      if (key != null) {
        connection.setRequestProperty("Authorization", "Bearer " + key);
      }
      return connection;
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw Refusal.of(Reason.INVALID_REQUEST, address + " is not the address of a node");
    }
  }

  private @Nullable Json answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("not HTTP");
    }
    details.accept("  " + status + ", request " + connection.getHeaderField("X-Request-Id"));
    boolean refused = status >= HttpURLConnection.HTTP_BAD_REQUEST;
    byte[] bytes;
    try (InputStream in = refused ? connection.getErrorStream() : connection.getInputStream()) {
      bytes = in == null ? new byte[0] : in.readAllBytes();
    }
    if (bytes.length == 0 && !refused) {
      return null;
    }
    Json json;
    try {
      json = bytes.length == 0 ? Json.EMPTY_OBJECT : Json.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (JsonException e) {
      throw Refusal.of(Reason.NODE_UNREACHABLE, "what answers at " + address + " is no Holdfast node");
    }
    if (refused) {
      throw Refusal.of(status, json).after(retryAfter(connection));
    }
    return json;
  }

  /** The form with a date is not the node's. */
  private static int retryAfter(HttpURLConnection connection) {
    String seconds = Objects.requireNonNullElse(connection.getHeaderField("Retry-After"), "");
    return seconds.matches("[0-9]{1,6}") ? Integer.parseInt(seconds) : 0;
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
