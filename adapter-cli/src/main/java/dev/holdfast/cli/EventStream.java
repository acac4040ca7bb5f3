package dev.holdfast.cli;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Follows a stream of server-sent events across reconnects and restarts of the node: it comes back with the last id that it
 * saw, so nothing is missed, and gives up when the node stays away for too long.
 */
public final class EventStream {
  /** The node sends a comment every 15 s; after three missed ones the connection is dead. */
  private static final Duration QUIET = Duration.ofSeconds(45);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 2_000;

  private final Client client;
  private final Screen screen;
  private final Duration patience;
  private final String path;
  private @Nullable String lastId;
  private volatile boolean left;

  /** @param path of the stream, with its query */
  public EventStream(Client client, Screen screen, Duration patience, String path) {
    this.client = client;
    this.screen = screen;
    this.patience = patience;
    this.path = path;
  }

  /** What a reader does with events. */
  public interface Reader {
    /** @return whether to go on */
    boolean event(String name, Json data);

    /**
     * Nothing but a sign of life has come for a while.
     *
     * @return whether to go on
     */
    default boolean quiet() {
      return true;
    }
  }

  /** Whoever read has left. */
  public static final class Left extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Has the reader get no more events; {@link #read} throws {@link Left} at the next sign of life, seconds later at most. For
   * another thread than the reading one, which may be waiting for the node and can't be woken.
   */
  public void leave() {
    left = true;
  }

  private void requireReader() {
    if (left) {
      throw new Left();
    }
  }

  /**
   * Reads until the reader has enough or the stream has nothing more.
   *
   * @throws Refusal when the node refuses the stream, or stays away
   */
  public void read(Reader reader) {
    long awaySince = System.nanoTime();
    long pause = FIRST_PAUSE_MS;
    boolean told = false;
    while (true) {
      requireReader();
      try {
        HttpURLConnection connection = client.openStream(path, lastId, QUIET);
        if (connection == null) {
          return;
        }
        if (told) {
          screen.note("connected again");
        }
        if (!readOne(connection, reader)) {
          return;
        }
        awaySince = System.nanoTime();
        pause = FIRST_PAUSE_MS;
        told = false;
      } catch (IOException e) {
        requireReader();
        if (System.nanoTime() - awaySince > patience.toNanos()) {
          throw Refusal.of(Reason.NODE_UNREACHABLE,
              client.address() + " has not answered for " + patience.toSeconds() + " s");
        }
      }
      requireReader();
      if (!told) {
        screen.note("the connection to " + client.address() + " is gone; waiting for the node to come back…");
        told = true;
      }
      Client.pause(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** @return whether to connect again */
  private boolean readOne(HttpURLConnection connection, Reader reader) {
    try (var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      var frame = new Frame();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        requireReader();
        if (line.startsWith(":")) {
          if (!reader.quiet()) {
            return false;
          }
        } else if (!line.isEmpty()) {
          frame.add(line);
        } else if (!take(frame, reader)) {
          return false;
        }
      }
    } catch (IOException e) {
      // The connection broke; what was read counts.
      return true;
    } finally {
      connection.disconnect();
    }
    return true;
  }

  private boolean take(Frame frame, Reader reader) {
    String name = frame.name;
    String data = frame.data.toString();
    if (frame.id != null) {
      lastId = frame.id;
    }
    frame.clear();
    if (name == null || name.equals("bye")) {
      return true;
    }
    try {
      Json json = data.isEmpty() ? Json.EMPTY_OBJECT : Json.parse(data);
      if (name.equals("error")) {
        // Too slow a reader may come back with its last id; any other error would only come again.
        Refusal refusal = Refusal.of(0, json);
        if (refusal.is(Reason.SLOW_READER)) {
          return true;
        }
        throw refusal;
      }
      return reader.event(name, json);
    } catch (JsonException e) {
      throw Refusal.of(Reason.INTERNAL, "the stream holds something that is not JSON");
    }
  }

  /** The fields of one event, as they come line by line. */
  private static final class Frame {
    private @Nullable String id;
    private @Nullable String name;
    private final StringBuilder data = new StringBuilder();

    void add(String line) {
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
      switch (field) {
        case "id" -> id = value;
        case "event" -> name = value;
        case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
        default -> {
          // Fields that a reader doesn't know are passed over, as the standard has it.
        }
      }
    }

    void clear() {
      id = null;
      name = null;
      data.setLength(0);
    }
  }
}
