package dev.holdfast.http;

import dev.holdfast.domain.Json;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads a stream line by line from a socket of its own. */
public final class Follower implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader lines;
  private final List<String> head = new ArrayList<>();

  /** One event; {@code id} and {@code event} are empty where the frame had none. */
  public record Frame(String id, String event, Json data) {
    /** A member of the data, by its path through nested objects. */
    public Object member(String... path) {
      Object value = data.value();
      for (String name : path) {
        value = ((Map<?, ?>) Objects.requireNonNull(value)).get(name);
      }
      return Objects.requireNonNull(value, String.join(".", path));
    }

    public String text(String... path) {
      return (String) member(path);
    }
  }

  /** @param receiveBuffer in bytes, or 0 for the system's own */
  Follower(int receiveBuffer, int port, String path, String key, String... headers) {
    try {
      socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(20_000);
      var request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
          + "\r\nAuthorization: Bearer " + key + "\r\nAccept: text/event-stream\r\n");
      for (int i = 0; i < headers.length; i += 2) {
        request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
      }
      socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String line = ChunkedInput.readLine(in); !line.isEmpty(); line = ChunkedInput.readLine(in)) {
        head.add(line);
      }
      lines = new BufferedReader(new InputStreamReader(new ChunkedInput(in), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The status line and the headers. */
  public List<String> head() {
    return head;
  }

  public int status() {
    return Integer.parseInt(head.getFirst().split(" ", -1)[1]);
  }

  /** The next line, or null at the end. */
  public @Nullable String line() {
    try {
      return lines.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next event, or null when the stream has ended. Comments are skipped. */
  public @Nullable Frame next() {
    String id = "";
    String event = "";
    Json data = null;
    for (String line = line(); line != null; line = line()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = Json.parse(line.substring(6));
      } else if (line.isEmpty() && data != null) {
        return new Frame(id, event, data);
      }
    }
    return null;
  }

  /** Every event up to and with the first that is meant, or to the end. */
  public List<Frame> until(Predicate<Frame> last) {
    List<Frame> frames = new ArrayList<>();
    for (Frame frame = next(); frame != null; frame = next()) {
      frames.add(frame);
      if (last.test(frame)) {
        break;
      }
    }
    return frames;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
