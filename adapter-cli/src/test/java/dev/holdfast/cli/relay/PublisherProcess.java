package dev.holdfast.cli.relay;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.domain.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code holdfast publish} as it is packaged, in a process of its own, with the states that it tells. */
final class PublisherProcess implements AutoCloseable {
  private final Process process;
  private final List<Map<String, @Nullable Object>> states = new CopyOnWriteArrayList<>();
  private final List<String> talk = new CopyOnWriteArrayList<>();

  private PublisherProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().start(() -> {
      try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        lines.lines().forEach(line -> states.add(Json.parse(line).members()));
      } catch (IOException e) {
        talk.add(e.toString());
      }
    });
    Thread.ofVirtual().start(() -> {
      try (var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
        lines.lines().forEach(talk::add);
      } catch (IOException e) {
        talk.add(e.toString());
      }
    });
  }

  /** @param home the folder of its user's configuration */
  static PublisherProcess start(DaemonProcess node, Path key, Path home, String... options) {
    return start(node.address(), key, home, options);
  }

  /** @param node where it finds the node */
  static PublisherProcess start(URI node, Path key, Path home, String... options) {
    List<String> words =
        new ArrayList<>(List.of("publish", "--to", node.toString(), "--key-file", key.toString(), "-o", "ndjson"));
    words.addAll(List.of(options));
    return new PublisherProcess(DaemonProcess.packaged(
        Map.of("XDG_CONFIG_HOME", home.toString(), "TINY_KEY", "sk-local-secret"), words));
  }

  /** Times that it opened a link. */
  int links() {
    int links = 0;
    String before = "";
    for (Map<String, @Nullable Object> state : states) {
      String link = String.valueOf(state.get("link"));
      links += link.equals("open") && !link.equals(before) ? 1 : 0;
      before = link;
    }
    return links;
  }

  String id() {
    return states.stream().map(state -> state.get("publisher_id")).filter(String.class::isInstance)
        .map(String.class::cast).reduce((_, last) -> last).orElse("");
  }

  List<Map<String, @Nullable Object>> states() {
    return states;
  }

  /** A number of its one provider as it was told last: in_flight, done, failed. */
  long count(String name) {
    if (!states.isEmpty() && states.getLast().get("providers") instanceof List<?> providers
        && providers.getFirst() instanceof Map<?, ?> provider && provider.get(name) instanceof Long count) {
      return count;
    }
    return -1;
  }

  String told() {
    return states + "\n" + String.join("\n", talk);
  }

  /** As {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void signal(String name) throws IOException, InterruptedException {
    DaemonProcess.signal(process, name);
  }

  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the publisher did not end: " + told());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
