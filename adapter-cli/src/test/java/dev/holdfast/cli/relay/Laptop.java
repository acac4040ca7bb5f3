package dev.holdfast.cli.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.Finished;
import dev.holdfast.cli.turns.UpstreamProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A machine that serves a model of its name in a pool: a model server, a publisher, and the network to the node. */
final class Laptop implements AutoCloseable {
  static final String POOL = "pool";
  static final int WORDS = 8;
  private static final String KEY = "laptop.key";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final Path temp;
  private final UpstreamProcess upstream;
  private final BreakableProxy network;
  private @Nullable PublisherProcess publisher;

  /** @param temp where it keeps who it is */
  Laptop(String name, Path temp) throws IOException {
    this.name = name;
    this.temp = temp;
    upstream = UpstreamProcess.start(WORDS, 1, name);
    network = new BreakableProxy();
  }

  /** A node that laptops find behind their networks, and that takes them for Ann's. */
  static DaemonProcess node(Path temp, List<Laptop> laptops, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(options));
    for (Laptop laptop : laptops) {
      words.addAll(List.of("--public-host", laptop.network.host()));
    }
    DaemonProcess node = DaemonProcess.ofDistribution(temp.resolve("data"), words.toArray(String[]::new));
    Finished made = node.cli("key", "create", "--role", "publisher", "--subject", "ann", "--label", "laptop", "--out",
        temp.resolve(KEY).toString());
    assertEquals(0, made.exitCode(), made.err());
    for (Laptop laptop : laptops) {
      laptop.network.to(node.address());
      laptop.publish();
    }
    return node;
  }

  /** Starts its publisher, with what one before it may have left behind. */
  void publish(String... options) {
    List<String> words = new ArrayList<>(
        List.of("--backend", upstream.url(), "--name", name, "--pool", POOL, "--shared"));
    words.addAll(List.of(options));
    publisher = PublisherProcess.start(URI.create("http://" + network.host()), temp.resolve(KEY),
        temp.resolve("home-" + name), words.toArray(String[]::new));
  }

  String name() {
    return name;
  }

  UpstreamProcess upstream() {
    return upstream;
  }

  BreakableProxy network() {
    return network;
  }

  PublisherProcess publisher() {
    return Objects.requireNonNull(publisher);
  }

  void awaitLinks(int count) {
    await().atMost(PATIENCE)
        .untilAsserted(() -> assertTrue(publisher().links() >= count, () -> name + ": " + publisher().told()));
  }

  /** So many answers wait in its model server. */
  void awaitHeld(int count) {
    await().atMost(PATIENCE).until(() -> upstream.held() == count);
  }

  /** Its publisher is at nothing any more. */
  void awaitIdle() {
    await().atMost(PATIENCE).until(() -> publisher().count("in_flight") == 0);
  }

  @Override
  public void close() throws IOException {
    if (publisher != null) {
      publisher.close();
    }
    upstream.close();
    network.close();
  }
}
