package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.PublicProvider;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAI-compatible server on a socket. The first segment of the path says how it behaves, as in
 * {@code http://127.0.0.1:1234/cut/v1}; it keeps the requests that it got.
 */
public final class FakeProvider implements AutoCloseable {
  private final ServerSocket server;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile List<String> pieces = List.of("Hello ", "wide ", "world");

  /** A request as it came; header names in lower case. */
  public record Request(String method, String path, Map<String, String> headers, String body) {
    public Json json() {
      return Json.parse(body);
    }
  }

  public FakeProvider() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** The base address under which it behaves so. */
  public String url(String behaviour) {
    return "http://127.0.0.1:" + server.getLocalPort() + "/" + behaviour + "/v1";
  }

  public PublicProvider provider(String behaviour) {
    return provider("fake", url(behaviour), null);
  }

  public static PublicProvider provider(String name, String url, @Nullable String credential) {
    return PublicProvider.of(Provider.idOf(name), "default", offer(name), url, credential, Instant.EPOCH);
  }

  public static Offer offer(String name) {
    return Offer.of(name, "backend-model", Offer.Visibility.SHARED);
  }

  /** As an admin would add it. */
  public static Models.Wanted wanted(String name, String url) {
    return wanted(name, url, null);
  }

  public static Models.Wanted wanted(String name, String url, @Nullable String credential) {
    return new Models.Wanted(offer(name), url, credential, false, "default");
  }

  /** The pieces of its answers from now on. */
  public void say(List<String> newPieces) {
    pieces = newPieces;
  }

  public Request lastRequest() throws InterruptedException {
    Request last = requests.take();
    for (Request more = requests.poll(); more != null; more = requests.poll()) {
      last = more;
    }
    return last;
  }

  /** Connections on which an answer is being given. */
  public int answering() {
    return open.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    open.incrementAndGet();
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Request request = read(in);
      requests.add(request);
      answer(request, new Wire(socket.getOutputStream()), in);
    } catch (IOException | InterruptedException e) {
      // The caller has left, which is what some tests are about.
    } finally {
      open.decrementAndGet();
    }
  }

  private static Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      throw new EOFException("the caller left before it asked for anything");
    }
    String[] line = first.split(" ", -1);
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(line[0], line[1], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private void answer(Request request, Wire wire, InputStream in) throws IOException, InterruptedException {
    String behaviour = request.path().split("/", -1)[1];
    boolean streamed = request.body().contains("\"stream\":true");
    switch (behaviour) {
      case "reasons" -> wire.stream().delta("reasoning_content", "let me ").delta("reasoning_content", "see")
          .answer().finish("stop").usage().done();
      case "drags" -> wire.dragOn(in);
      case "silent" -> in.read();
      case "mute" -> {
        wire.stream().delta("content", "Hello ");
        in.read();
      }
      case "lively" -> wire.stream().workOn(50).answer().finish("stop").done();
      case "stillborn" -> wire.stream();
      case "empty" -> wire.stream().end();
      case "cut" -> wire.stream().delta("content", "Hello ");
      case "torn" -> wire.stream().delta("content", "Hello ").raw("data: {\"choices\":[{\"del");
      case "unfinished" -> wire.stream().answer().end();
      case "nodone" -> wire.stream().answer().finish("stop").end();
      case "length" -> wire.stream().answer().finish("length").done();
      case "filter" -> wire.stream().answer().finish("content_filter").done();
      case "garbage" -> wire.stream().event("<html>nothing to see</html>").end();
      case "latergarbage" -> wire.stream().delta("content", "Hello ").event("}{").end();
      case "errorevent" -> wire.stream().event("{\"error\":{\"message\":\"overloaded\"}}").end();
      case "binary" -> wire.raw("\u0000\u0001\u0002 what is this");
      case "moved" -> wire.whole(302, "{}", "Location: http://127.0.0.1:1/elsewhere");
      case "models" -> wire.whole(200, "{\"object\":\"list\",\"data\":[{\"id\":\"only-one\",\"object\":\"model\"}]}");
      case "lists" -> wire.whole(200,
          Json.object("data", pieces.stream().map(id -> Json.object("id", id)).toList()).text());
      case "several" -> wire.whole(200, "{\"data\":[{\"id\":\"b\"},{\"id\":\"a\"}]}");
      case "embeds" -> wire.whole(200, "{\"object\":\"list\",\"model\":\"backend-model\",\"data\":[{\"object\":"
          + "\"embedding\",\"index\":0,\"embedding\":[0.25,-1.5]}],\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}");
      case "tools" -> {
        String call = "\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":"
            + "\"weather\",\"arguments\":\"{\\\"model\\\":\\\"town\\\"}\"}}]";
        if (streamed) {
          wire.stream()
              .event("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"choices\":[{\"index\":0,"
                  + "\"delta\":{" + call + "}}],\"model\":\"backend-model\"}")
              .finish("tool_calls").done();
        } else {
          wire.whole(200, "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"backend-model\","
              + "\"choices\":[{\"index\":0,\"finish_reason\":\"tool_calls\",\"message\":{\"role\":\"assistant\","
              + "\"content\":null," + call + "}}]}");
        }
      }
      case "none" -> wire.whole(200, "{\"data\":[]}");
      default -> {
        if (behaviour.matches("s[0-9]{3}")) {
          wire.whole(Integer.parseInt(behaviour.substring(1)), "{\"error\":{\"message\":\"no\",\"type\":\"x\"}}");
        } else if (streamed) {
          wire.stream().answer().finish("stop").usage().done();
        } else {
          wire.whole(200,
              "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"backend-model\","
                  + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello wide world\"},"
                  + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":3,\"total_tokens\":6}}");
        }
      }
    }
  }

  /** The answer's side of the connection. */
  private final class Wire {
    private final OutputStream out;

    Wire(OutputStream out) {
      this.out = out;
    }

    Wire raw(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return this;
    }

    void whole(int status, String json, String... headers) throws IOException {
      List<String> head = new ArrayList<>(List.of(headers));
      head.addAll(List.of("Content-Type: application/json", "Connection: close",
          "Content-Length: " + json.getBytes(StandardCharsets.UTF_8).length));
      raw("HTTP/1.1 " + status + " Status\r\n" + String.join("\r\n", head) + "\r\n\r\n" + json);
    }

    Wire stream() throws IOException {
      return raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    Wire event(String data) throws IOException {
      return chunk("data: " + data + "\n\n");
    }

    private Wire chunk(String text) throws IOException {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      return raw(Integer.toHexString(length) + "\r\n" + text + "\r\n");
    }

    Wire delta(String member, String text) throws IOException {
      return event(chunk(Json.object(member, text), null, null));
    }

    Wire answer() throws IOException {
      for (String piece : pieces) {
        delta("content", piece);
      }
      return this;
    }

    Wire finish(String reason) throws IOException {
      return event(chunk(Json.EMPTY_OBJECT, reason, null));
    }

    Wire usage() throws IOException {
      return event("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"backend-model\","
          + "\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":3,\"total_tokens\":6}}");
    }

    void done() throws IOException {
      event("[DONE]").end();
    }

    void end() throws IOException {
      raw("0\r\n\r\n");
    }

    private static String chunk(Json delta, @Nullable String finish, @Nullable Json usage) {
      Map<String, @Nullable Object> choice = new TreeMap<>();
      choice.put("index", 0);
      choice.put("delta", delta);
      choice.put("finish_reason", finish);
      return Json
          .object("id", "c", "object", "chat.completion.chunk", "created", 1, "model", "backend-model", "choices",
              List.of(Json.of(choice)), "usage", usage)
          .text();
    }

    /** Signs of life, 20 in a second, before there is anything to say. */
    Wire workOn(int signs) throws IOException, InterruptedException {
      var pause = new Object();
      synchronized (pause) {
        for (int i = 0; i < signs; i++) {
          chunk(": still working\n\n");
          pause.wait(50);
        }
      }
      return this;
    }

    /** Until the caller leaves. */
    void dragOn(InputStream in) throws IOException, InterruptedException {
      stream();
      Thread writer = Thread.currentThread();
      Thread.ofVirtual().start(() -> {
        try {
          in.read();
        } catch (IOException e) {
          // It left with a reset.
        }
        writer.interrupt();
      });
      var pause = new Object();
      synchronized (pause) {
        while (true) {
          delta("content", "word ");
          pause.wait(50);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
