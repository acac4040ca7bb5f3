package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A publisher that does what a test says, over real HTTP. */
public final class FakePublisher implements AutoCloseable {
  private final NodeUnderTest node;
  private final String key;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private @Nullable String id;
  private @Nullable String secret;
  private @Nullable InputStream link;

  /** A frame of the link. */
  public record Frame(String event, Map<String, @Nullable Object> data) {
    public String text(String name) {
      return String.valueOf(data.get(name));
    }

    public long number(String name) {
      return data.get(name) instanceof Long number ? number : -1;
    }
  }

  public FakePublisher(NodeUnderTest node, String subject) {
    this.node = node;
    this.key = node.key(Role.PUBLISHER, subject, false);
  }

  public String key() {
    return key;
  }

  public String id() {
    return String.valueOf(id);
  }

  /** Registers providers of these names, each without a pool and shared. */
  public NodeUnderTest.Answer register(String... names) {
    List<Json> providers = new ArrayList<>();
    for (String name : names) {
      providers.add(Json.object("name", name, "backend_model", "backend-" + name, "visibility", "shared"));
    }
    return register(providers);
  }

  public NodeUnderTest.Answer register(List<Json> providers) {
    NodeUnderTest.Answer answer = node.sendAs(key, "POST", "/api/v1/publishers/register",
        Json.object("providers", providers).text(), headers());
    if (answer.status() == 200) {
      id = answer.text("publisher_id");
      secret = answer.member("publisher_secret") == null ? secret : answer.text("publisher_secret");
    }
    return answer;
  }

  private String[] headers() {
    return id == null ? new String[0]
        : new String[] {"X-Holdfast-Publisher", id, "X-Holdfast-Publisher-Secret", String.valueOf(secret)};
  }

  /** Another who shows the same id and secret. */
  public FakePublisher twin(String subject) {
    var twin = new FakePublisher(node, subject);
    twin.id = id;
    twin.secret = secret;
    return twin;
  }

  /** Opens the link and waits for its hello. */
  public FakePublisher open() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.uri("/api/v1/publishers/link")).header("Authorization", "Bearer " + key);
    String[] own = headers();
    request.headers(own);
    HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IOException("status " + answer.statusCode());
    }
    link = answer.body();
    Thread.ofVirtual().start(() -> read(answer.body()));
    Frame hello = next();
    if (!hello.event().equals("hello")) {
      throw new IOException("not a hello: " + hello);
    }
    return this;
  }

  private void read(InputStream from) {
    String event = "";
    try (var lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          frames.add(new Frame(event, Json.parse(line.substring(6)).members()));
        }
      }
    } catch (IOException e) {
      // The link is closed, by either side.
    }
    frames.add(new Frame("closed", Map.of()));
  }

  /** The next frame, be it that the link is closed. */
  public Frame next() throws InterruptedException {
    return frames.take();
  }

  /** The next frame, which must come within that time. */
  public Frame next(Duration within) throws InterruptedException {
    Frame frame = frames.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    if (frame == null) {
      throw new AssertionError("no frame came");
    }
    return frame;
  }

  public @Nullable Frame peek() {
    return frames.peek();
  }

  /** Cuts the link as a machine does that is gone. */
  public void cut() {
    InputStream open = link;
    link = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }

  public NodeUnderTest.Answer heartbeat(String body) {
    return node.sendAs(key, "POST", "/api/v1/publishers/heartbeat", body, headers());
  }

  public NodeUnderTest.Answer ack(String task, long epoch, String kind) {
    return node.sendAs(key, "POST", "/api/v1/publishers/tasks/" + task + "/ack",
        Json.object("epoch", epoch, "kind", kind).text(), headers());
  }

  public NodeUnderTest.Answer acking(String task, String body) {
    return node.sendAs(key, "POST", "/api/v1/publishers/tasks/" + task + "/ack", body, headers());
  }

  public NodeUnderTest.Answer ack(Frame task) {
    return ack(task.text("task_id"), task.number("epoch"), "received");
  }

  public NodeUnderTest.Answer post(String task, String body) {
    return node.sendAs(key, "POST", "/api/v1/publishers/tasks/" + task + "/result", body, headers());
  }

  public NodeUnderTest.Answer chunk(Frame task, long seq, String data, boolean done) {
    return post(task.text("task_id"), Json.object("epoch", task.number("epoch"), "chunks",
        List.of(Json.object("seq", seq, "data", data, "done", done))).text());
  }

  /** One delta of a chat completion. */
  public static String delta(String text) {
    return Json.object("model", "backend", "choices",
        List.of(Json.object("index", 0, "delta", Json.object("content", text)))).text();
  }

  public NodeUnderTest.Answer result(Frame task, int status, Json body) {
    return post(task.text("task_id"), Json.object("epoch", task.number("epoch"), "result",
        Json.object("status", status, "body", body)).text());
  }

  public NodeUnderTest.Answer fail(Frame task, String reason) {
    return post(task.text("task_id"),
        Json.object("epoch", task.number("epoch"), "error", Json.object("reason", reason)).text());
  }

  @Override
  public void close() {
    cut();
    client.close();
  }
}
