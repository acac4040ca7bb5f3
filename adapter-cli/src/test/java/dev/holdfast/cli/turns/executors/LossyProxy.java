package dev.holdfast.cli.turns.executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a node and loses the first answer to every kind of call, after the node has done what was asked. */
final class LossyProxy implements AutoCloseable {
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Integer> lost = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final URI node;

  LossyProxy(URI node) throws IOException {
    this.node = node;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void pass(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    HttpRequest.Builder request = HttpRequest.newBuilder(node.resolve(path))
        .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
        .method(exchange.getRequestMethod(),
            HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    if (exchange.getRequestMethod().equals("POST")) {
      request.header("Content-Type", "application/json");
    }
    try (exchange) {
      HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() < 300 && lost.merge(kind(path), 1, Integer::sum) == 1) {
        return;
      }
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      int length = answer.body().length;
      exchange.sendResponseHeaders(answer.statusCode(), length == 0 ? -1 : length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last words of its path name a call. */
  private static String kind(String path) {
    String plain = path.replaceFirst("[?].*", "");
    return plain.replaceFirst("^/api/v1/", "").replaceFirst("(sessions|turns)/[^/]+/", "");
  }

  /** The calls whose first answer got lost, and how often each was answered by the node. */
  Map<String, Integer> lost() {
    return new TreeMap<>(lost);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
