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

/**
 * A small model server that speaks the OpenAI wire format, for tests, as a process of its own: arguments are the number of
 * words of each streamed answer and the milliseconds before each. It prints its port, and counts its answers under
 * {@code /v1/calls}, and those whose caller left under {@code /v1/left}.
 */
public final class OpenAiUpstream {
  private static final String WHOLE = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"tiny\","
      + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"whole\"},"
      + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";

  private OpenAiUpstream() {}

  public static void main(String[] args) throws IOException {
    int words = Integer.parseInt(args[0]);
    long pause = Long.parseLong(args[1]);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/models",
        exchange -> send(exchange, "{\"object\":\"list\",\"data\":[{\"id\":\"tiny\"}]}"));
    var calls = new AtomicInteger();
    server.createContext("/v1/calls", exchange -> send(exchange, calls.toString()));
    var left = new AtomicInteger();
    server.createContext("/v1/left", exchange -> send(exchange, left.toString()));
    server.createContext("/v1/chat/completions", exchange -> {
      calls.incrementAndGet();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (!body.contains("\"stream\":true")) {
        send(exchange, WHOLE);
        return;
      }
      try {
        stream(exchange, words, pause);
      } catch (IOException e) {
        left.incrementAndGet();
        throw e;
      }
    });
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private static void send(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static void stream(HttpExchange exchange, int words, long pause) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 1; i <= words; i++) {
        LockSupport.parkNanos(pause * 1_000_000);
        chunk(out, "{\"content\":\"word" + i + " \"}", "null");
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
