package dev.holdfast.cli.turns;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small model server that speaks the OpenAI wire format, for tests, as a process of its own: arguments are the number of
 * words of each streamed answer, the milliseconds before each, what they begin with, and its port. It prints its port, and counts
 * its answers under {@code /v1/calls}, and those whose caller left under {@code /v1/left}.
 *
 * <p>A message may say {@code hold:N}: the answer waits behind N words (0: before its head) until {@code /v1/release} is asked
 * for; {@code /v1/held} counts those that wait. {@code status:N} is answered with that status.
 */
public final class OpenAiUpstream {
  private static final String WHOLE = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"tiny\","
      + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"whole\"},"
      + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";

  private static final String CALLS_TOOL = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,"
      + "\"model\":\"tiny\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
      + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\","
      + "\"arguments\":\"{\\\"town\\\":\\\"Oslo\\\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}";
  private static final String EMBEDDING = "{\"object\":\"list\",\"model\":\"tiny\",\"data\":[{\"object\":\"embedding\","
      + "\"index\":0,\"embedding\":EMBEDDING}],\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}";
  private static final Pattern HOLD = Pattern.compile("hold:([0-9]+)");
  private static final Pattern STATUS = Pattern.compile("status:([0-9]{3})");
  private static final long LOOK_MS = 20;

  private final int words;
  private final long pause;
  private final String stem;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  // Guarded by this.
  private int held;
  private long releases;

  private OpenAiUpstream(int words, long pause, String stem) {
    this.words = words;
    this.pause = pause;
    this.stem = stem;
  }

  public static void main(String[] args) throws IOException {
    var upstream = new OpenAiUpstream(
        Integer.parseInt(args[0]), Long.parseLong(args[1]), args.length > 2 ? args[2] : "word");
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(),
        args.length > 3 ? Integer.parseInt(args[3]) : 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/models",
        exchange -> send(exchange, 200, "{\"object\":\"list\",\"data\":[{\"id\":\"tiny\"}]}"));
    server.createContext("/v1/calls", exchange -> send(exchange, 200, upstream.calls.toString()));
    server.createContext("/v1/left", exchange -> send(exchange, 200, upstream.left.toString()));
    server.createContext("/v1/held", exchange -> send(exchange, 200, Integer.toString(upstream.held())));
    server.createContext("/v1/release", exchange -> send(exchange, 200, Integer.toString(upstream.release())));
    server.createContext("/v1/embeddings", OpenAiUpstream::embed);
    server.createContext("/v1/chat/completions", upstream::chat);
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private synchronized int held() {
    return held;
  }

  private synchronized int release() {
    releases++;
    notifyAll();
    return held;
  }

  private void chat(HttpExchange exchange) throws IOException {
    calls.incrementAndGet();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Matcher hold = HOLD.matcher(body);
    int behind = hold.find() ? Integer.parseInt(hold.group(1)) : -1;
    Matcher status = STATUS.matcher(body);
    if (behind == 0) {
      hold(() -> {
        // Nobody has been answered yet.
      });
    }
    if (status.find()) {
      send(exchange, Integer.parseInt(status.group(1)),
          "{\"error\":{\"message\":\"as you asked\",\"type\":\"test\",\"code\":\"asked_for\"}}");
    } else if (!body.contains("\"stream\":true")) {
      send(exchange, 200, body.contains("\"tools\":") ? CALLS_TOOL : WHOLE);
    } else {
      try {
        stream(exchange, behind);
      } catch (IOException e) {
        left.incrementAndGet();
        throw e;
      }
    }
  }

  /** In the form that is asked for: numbers, or their bytes. */
  private static void embed(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    send(exchange, 200,
        EMBEDDING.replace("EMBEDDING", body.contains("\"base64\"") ? "\"AACAPgAAwL8=\"" : "[0.25,-1.5]"));
  }

  private interface Sign {
    void give() throws IOException;
  }

  /** Until the next release. A caller who leaves meanwhile is noticed by the signs. */
  private void hold(Sign sign) throws IOException {
    synchronized (this) {
      long before = releases;
      held++;
      try {
        while (releases == before) {
          wait(LOOK_MS);
          sign.give();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        held--;
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private void stream(HttpExchange exchange, int behind) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 1; i <= words; i++) {
        LockSupport.parkNanos(pause * 1_000_000);
        chunk(out, "{\"content\":\"" + stem + i + " \"}", "null");
        if (i == behind) {
          hold(() -> {
            out.write(": held\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
          });
        }
      }
      chunk(out, "{}", "\"stop\"");
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void chunk(OutputStream out, String delta, String finish) throws IOException {
    String json = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"tiny\",\"choices\":"
        + "[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}";
    out.write(("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
