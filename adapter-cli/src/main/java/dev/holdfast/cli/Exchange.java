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
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with a node: a call and its answer, or the opening of a stream. What fails is a {@link Refusal} that tells why; nothing
 * is made again here.
 *
 * @param base without a slash at its end
 * @param address the base as it may be printed
 * @param key the caller's key, or null to be told that one is needed
 * @param timeout for an answer
 * @param trust whom to believe that they are the node; null for those that Java's own list names
 * @param details hears of each call
 */
record Exchange(String base, String address, @Nullable String key, Duration timeout, @Nullable SSLSocketFactory trust,
    Consumer<String> details) {
  private static final int CONNECT_MS = 3_000;
  private static final String BROKEN = "the connection broke before the answer came";

  static {
    // A call is repeated by us, under a key that makes it a replay, or not at all.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  /** @return the answer, or null when it has no body */
  @Nullable
  Json call(String method, String path, @Nullable Json body, @Nullable String idempotencyKey) {
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
}
