package dev.holdfast.cli.integrity.bench.relay;

import dev.holdfast.cli.integrity.bench.load.HttpCalls;
import dev.holdfast.domain.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A publisher that has its model's answers ready, over real HTTP: it registers, holds a link, says that it has a task, and sends
 * its chunks as the call wants them: in one request while they come, or so many a post.
 */
final class Publisher implements Caller.Answers, AutoCloseable {
  private static final String POSTS = "posts-";
  private static final int PATIENCE_S = 30;
  private static final long NANOS = 1_000;

  private final URI node;
  private final String key;
  private final String model;
  private final String headers;
  private final Queue<HttpCalls> idle = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private final CountDownLatch greeted = new CountDownLatch(1);
  // Of the link, and used by the loop's thread alone.
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String event = "";
  private @Nullable Caller link;

  /** Registers; the link isn't open yet. */
  Publisher(URI node, String key, String model) throws IOException {
    this.node = node;
    this.key = key;
    this.model = model;
    try (var registering = new HttpCalls(node, key)) {
      String told = registering.post("/api/v1/publishers/register", Json.object("providers", List.of(
          Json.object("name", model, "backend_model", Words.MODEL, "visibility", "shared", "max_in_flight", 10_000)))
          .text());
      headers = "X-Holdfast-Publisher: " + member(told, "publisher_id") + "\r\nX-Holdfast-Publisher-Secret: "
          + member(told, "publisher_secret");
    }
  }

  private static String member(String json, String name) {
    return (String) Objects.requireNonNull(Json.parse(json).members().get(name));
  }

  /** How so many chunks go out in one post. */
  static String posts(int chunks) {
    return POSTS + chunks;
  }

  /** Opens the link and waits for its first frame. */
  void open(Loop loop) throws IOException, InterruptedException {
    var opened = new Caller(loop, new InetSocketAddress(node.getHost(), node.getPort()), this);
    link = opened;
    opened.send(("GET /api/v1/publishers/link HTTP/1.1\r\nHost: " + node.getHost() + ":" + node.getPort()
        + "\r\nAuthorization: Bearer " + key + "\r\n" + headers + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    if (!greeted.await(PATIENCE_S, TimeUnit.SECONDS)) {
      throw new IOException("a link was not answered");
    }
    requireNoFailure();
  }

  /** Says that it is there, which it would otherwise do every few seconds. Connections that rested for long are given up. */
  void heartbeat() {
    rest();
    try (HttpCalls calls = HttpCalls.with(node, key, headers)) {
      calls.post("/api/v1/publishers/heartbeat", "{}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rest() {
    try {
      for (HttpCalls one = idle.poll(); one != null; one = idle.poll()) {
        one.close();
      }
    } catch (IOException e) {
      // They are of no further use either way.
      return;
    }
  }

  void requireNoFailure() {
    String found = failure.get();
    if (found != null) {
      throw new IllegalStateException("the bench's publisher of " + model + " failed: " + found);
    }
  }

  @Override
  public void body(int status, byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        line(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(bytes[i]);
      }
    }
  }

  private void line(String text) {
    if (text.startsWith("event: ")) {
      event = text.substring("event: ".length());
    } else if (text.startsWith("data: ") && event.equals("hello")) {
      greeted.countDown();
    } else if (text.startsWith("data: ") && event.equals("task") && text.contains("\"infer\"")) {
      Thread.ofVirtual().start(() -> work(text));
    }
  }

  @Override
  public void end(int status) {
    broken(new IOException("the link ended with status " + status));
  }

  @Override
  public void broken(IOException why) {
    failure.compareAndSet(null, String.valueOf(why.getMessage()));
    greeted.countDown();
  }

  private void work(String task) {
    String path = "/api/v1/publishers/tasks/" + Words.text(task, "task_id");
    long epoch = Words.number(task, "epoch");
    Thread.ofVirtual().start(() -> using(own -> own.either(path + "/ack",
        "{\"epoch\":" + epoch + ",\"kind\":\"received\"}")));
    String how = Words.text(task, "user");
    if (how.startsWith(POSTS)) {
      using(own -> post(own, path, epoch, task, Integer.parseInt(how.substring(POSTS.length()))));
    } else {
      using(own -> upload(own, path, epoch, task));
    }
  }

  /** What is done over a connection of its own. */
  private interface Use {
    void over(HttpCalls calls) throws IOException;
  }

  private void using(Use use) {
    HttpCalls own = idle.poll();
    try {
      own = own == null ? HttpCalls.with(node, key, headers) : own;
      use.over(own);
      idle.add(own);
    } catch (IOException e) {
      failure.compareAndSet(null, String.valueOf(e.getMessage()));
    }
  }

  private static void upload(HttpCalls own, String path, long epoch, String task) throws IOException {
    long chunks = Words.number(task, "max_tokens");
    long everyNanos = Words.number(task, "seed") * NANOS;
    own.begin(path + "/chunks?epoch=" + epoch);
    long next = System.nanoTime();
    for (long seq = 1; seq <= chunks; seq++, next += everyNanos) {
      until(next);
      own.piece(chunk(seq, Words.chunk()) + "\n");
    }
    own.piece(chunk(chunks + 1, Words.LAST) + "\n");
    own.piece(last(chunks + 2) + "\n");
    own.end();
  }

  private static void post(HttpCalls own, String path, long epoch, String task, int most) throws IOException {
    long chunks = Words.number(task, "max_tokens");
    for (long seq = 1; seq <= chunks;) {
      var batch = new StringBuilder("{\"epoch\":" + epoch + ",\"chunks\":[");
      for (int i = 0; i < most && seq <= chunks; i++, seq++) {
        batch.append(i == 0 ? "" : ",").append(chunk(seq, Words.chunk()));
      }
      own.post(path + "/result", batch.append("]}").toString());
    }
    own.post(path + "/result", "{\"epoch\":" + epoch + ",\"chunks\":[" + chunk(chunks + 1, Words.LAST) + ","
        + last(chunks + 2) + "]}");
  }

  private static String chunk(long seq, String data) {
    return "{\"seq\":" + seq + ",\"data\":\"" + data.replace("\"", "\\\"") + "\"}";
  }

  private static String last(long seq) {
    return "{\"seq\":" + seq + ",\"data\":\"" + Words.DONE + "\",\"done\":true}";
  }

  private static void until(long time) {
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    Caller open = link;
    if (open != null) {
      open.close();
    }
    rest();
  }
}
