package dev.holdfast.http;

import dev.holdfast.application.Launch;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.DataDirectory;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A real server on a free port over a store in memory, and a client of it. */
public final class NodeUnderTest implements AutoCloseable {
  private final ApplicationContext context;
  private final EmbeddedServer server;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private NodeUnderTest(Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put("holdfast.port", "-1");
    context = ApplicationContext.builder().deduceEnvironment(false).environments("http").properties(all).build();
    context.start();
    server = context.getBean(EmbeddedServer.class);
    server.start();
  }

  /** A call of the test's own. */
  public static Audited called() {
    return Audited.local("0".repeat(32), "test.call");
  }

  /** A node that serves. */
  public static NodeUnderTest started() {
    return started(Map.of());
  }

  public static NodeUnderTest started(Map<String, Object> properties) {
    NodeUnderTest node = starting(properties);
    node.launch();
    return node;
  }

  /** A node whose launch has not begun. */
  public static NodeUnderTest starting(Map<String, Object> properties) {
    return new NodeUnderTest(properties);
  }

  public void launch() {
    bean(Launch.class).start(Launch.RuntimeOptions.DEFAULT);
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public void enter(NodeState.Phase phase) {
    bean(NodeState.class).enter(phase);
  }

  public int port() {
    return server.getPort();
  }

  public String host() {
    return "127.0.0.1:" + port();
  }

  public String adminKey() {
    return Objects.requireNonNull(((FakeDirectory) bean(DataDirectory.class)).admin()).text();
  }

  /** A fresh key of a role, in the store. */
  public String key(Role role, String subject, boolean content) {
    return key(role, subject, content, null, null);
  }

  public String key(Role role, String subject, boolean content, @Nullable Instant expires, @Nullable Instant revoked) {
    return put(fresh -> Key.of(fresh, subject, role, "test", Instant.EPOCH).withContent(content).expiringAt(expires)
        .revokedAt(revoked));
  }

  /** A consumer's key with limits of its own, in the store. */
  public String key(Key.Limits limits) {
    return put(fresh -> Key.of(fresh, "limited", Role.CONSUMER, "test", Instant.EPOCH).withLimits(limits));
  }

  private String put(Function<PresentedKey, Key> made) {
    PresentedKey fresh = PresentedKey.random(bean(Ids.class));
    Key key = made.apply(fresh);
    bean(SwitchableStore.class).write(_ -> Decision.done(true, List.of(new AccessChange.KeyPut(key)))).orThrow();
    return fresh.text();
  }

  /** What was answered; {@code json} is empty for other bodies. */
  public record Answer(int status, Json json, String body, java.net.http.HttpHeaders headers) {
    public @Nullable Object member(String name) {
      return json.members().get(name);
    }

    public String text(String name) {
      return (String) Objects.requireNonNull(member(name), name);
    }

    @SuppressWarnings("unchecked")
    public List<Map<String, @Nullable Object>> items() {
      return (List<Map<String, @Nullable Object>>) Objects.requireNonNull(member("items"));
    }

    public @Nullable String header(String name) {
      return headers.firstValue(name).orElse(null);
    }
  }

  public Answer get(String path) {
    return send("GET", path, null);
  }

  public Answer post(String path, String json, String... headers) {
    return send("POST", path, json, headers);
  }

  /** As the admin, with a JSON body unless it is null. */
  public Answer send(String method, String path, @Nullable String json, String... headers) {
    return sendAs(adminKey(), method, path, json, headers);
  }

  public Answer sendAs(@Nullable String key, String method, String path, @Nullable String json, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    if (json == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.method(method, HttpRequest.BodyPublishers.ofString(json)).header("Content-Type", "application/json");
    }
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = exchange(request.build(), HttpResponse.BodyHandlers.ofString());
    String type = response.headers().firstValue("Content-Type").orElse("");
    Json body = type.contains("json") ? Json.parse(response.body()) : Json.EMPTY_OBJECT;
    return new Answer(response.statusCode(), body, response.body(), response.headers());
  }

  public URI uri(String path) {
    return URI.create("http://" + host() + path);
  }

  public <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A stream as the admin. */
  public Follower follow(String path, String... headers) {
    return new Follower(0, port(), path, adminKey(), headers);
  }

  public Follower followAs(String key, String path) {
    return new Follower(0, port(), path, key);
  }

  public Follower followWithLittleRoomAs(String key, String path) {
    return new Follower(4096, port(), path, key);
  }

  /** The same with little room for what isn't read yet. */
  public Follower followWithLittleRoom(String path, String... headers) {
    return new Follower(4096, port(), path, adminKey(), headers);
  }

  /** Sends bytes as they are and gives back all that comes until the server closes or two seconds are quiet. */
  public String raw(String request) {
    return raw(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  public String raw(byte[] request) {
    return raw("127.0.0.1", request);
  }

  /** The same from one of the loopback network's addresses. */
  public String raw(String from, byte[] request) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port(), InetAddress.getByName(from), 0)) {
      socket.setSoTimeout(2_000);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return RawAnswer.read(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @param from the address of this end, such as {@code 127.0.0.2} */
  public RawConnection connect(String from) {
    return new RawConnection(from, port());
  }

  /** As a signal does it: drains, then closes everything. */
  public void stop() throws InterruptedException {
    bean(Launch.class).shutdown(Duration.ZERO);
    context.close();
  }

  @Override
  public void close() {
    client.close();
    context.close();
  }
}
