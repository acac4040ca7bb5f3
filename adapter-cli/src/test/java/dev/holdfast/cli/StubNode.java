package dev.holdfast.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Something that answers like a node, or badly, one scripted answer per request; the last one is given again and again. */
final class StubNode implements AutoCloseable {
  /** Answers one request. */
  interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Answer> answers;
  private final List<HttpExchange> requests = new CopyOnWriteArrayList<>();

  StubNode(Answer... answers) {
    this(null, answers);
  }

  /** @param tls null for plain http */
  StubNode(@Nullable SSLContext tls, Answer... answers) {
    this.answers = List.of(answers);
    this.scheme = tls == null ? "http" : "https";
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      if (tls == null) {
        server = HttpServer.create(address, 0);
      } else {
        HttpsServer secure = HttpsServer.create(address, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = secure;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    int number;
    synchronized (this) {
      number = requests.size();
      requests.add(exchange);
    }
    try (exchange) {
      answers.get(Math.min(number, answers.size() - 1)).give(exchange);
    }
  }

  static Answer json(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  static Answer problem(int status, String reason) {
    return json(status, "{\"type\":\"urn:holdfast:problem:" + reason + "\",\"title\":\"A title\",\"status\":" + status
        + ",\"reason\":\"" + reason + "\"}");
  }

  /** A stream of events that ends there. */
  static Answer stream(String frames) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(frames.getBytes(StandardCharsets.UTF_8));
    };
  }

  /** Ends the connection without an answer. */
  static Answer silence() {
    return HttpExchange::close;
  }

  String url() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  List<HttpExchange> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
