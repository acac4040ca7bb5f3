package dev.holdfast.cli.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.Finished;
import dev.holdfast.cli.turns.UpstreamProcess;
import dev.holdfast.domain.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node, publishers and a model server, each a process of its own, over real HTTP. */
@Timeout(180)
class PublishIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path temp;
  private final DaemonProcess node;
  private final Path key;
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  PublishIT(@TempDir Path temp) {
    this.temp = temp;
    node = DaemonProcess.ofDistribution(temp.resolve("data"));
    key = temp.resolve("laptop.key");
    Finished made = node.cli("key", "create", "--role", "publisher", "--subject", "ann", "--label", "laptop", "--out",
        key.toString());
    assertEquals(0, made.exitCode(), made.err());
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    node.close();
  }

  private PublisherProcess publish(UpstreamProcess upstream, String... more) {
    List<String> options = new ArrayList<>(List.of("--backend", upstream.url(), "--shared"));
    options.addAll(List.of(more));
    PublisherProcess publisher =
        PublisherProcess.start(node, key, temp.resolve("home"), options.toArray(String[]::new));
    await().atMost(PATIENCE).until(() -> publisher.links() == 1);
    return publisher;
  }

  private HttpRequest request(String model, boolean stream) {
    return HttpRequest.newBuilder(URI.create(node.address() + "/v1/chat/completions"))
        .header("Authorization", "Bearer " + node.key()).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(Json.object("model", model, "stream", stream, "messages",
            List.of(Json.object("role", "user", "content", "hi"))).text()))
        .build();
  }

  private HttpResponse<String> ask(String model, boolean stream) throws IOException, InterruptedException {
    return http.send(request(model, stream), HttpResponse.BodyHandlers.ofString());
  }

  /** A streamed answer of which the first words have come. */
  private BufferedReader begun(String model) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = http.send(request(model, true), HttpResponse.BodyHandlers.ofInputStream());
    var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains("word3")) {
        return lines;
      }
    }
    throw new AssertionError("the answer ended before it began");
  }

  private static List<String> rest(BufferedReader lines) {
    return lines.lines().filter(line -> line.startsWith("data: ")).toList();
  }

  @Test
  @DisplayName("a laptop's model is chatted with by its name, whole and streamed; its address and key stay on the laptop")
  void publishes() throws Exception {
    try (UpstreamProcess upstream = UpstreamProcess.start(5, 5);
        PublisherProcess publisher = publish(upstream, "--suffix", "Ann's Laptop", "--credential", "env:TINY_KEY")) {
      HttpResponse<String> whole = ask("tiny-ann-s-laptop", false);
      assertEquals(200, whole.statusCode(), whole.body());
      assertTrue(whole.body().contains("\"content\":\"whole\""), whole.body());
      assertTrue(whole.body().contains("\"model\":\"tiny-ann-s-laptop\""), whole.body());
      List<String> stream = ask("tiny-ann-s-laptop", true).body().lines().filter(l -> l.startsWith("data: ")).toList();
      assertEquals(7, stream.size(), stream.toString());
      assertEquals("data: [DONE]", stream.getLast());
      await().atMost(PATIENCE).until(() -> publisher.told().contains("done=2"));
      assertTrue(publisher.told().contains("in_flight=1"), publisher.told());

      Path identity = identities().getFirst();
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(identity)));
      String port = upstream.url().replaceAll(".*:([0-9]+)/v1", "$1");
      String providers =
          node.cli("model", "list", "-o", "json").out() + node.cli("provider", "list", "-o", "json").out();
      assertTrue(providers.contains("tiny-ann-s-laptop"), providers);
      for (String secret : List.of("127.0.0.1:" + port, "sk-local-secret", "TINY_KEY")) {
        assertFalse(providers.contains(secret), "R-A44 " + secret);
        assertFalse(publisher.told().contains("sk-local-secret"), "R-A44");
      }
    }
  }

  private List<Path> identities() throws IOException {
    try (Stream<Path> files = Files.walk(temp.resolve("home"))) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  @Test
  @DisplayName("R-A26 kill -9 of a publisher in mid-stream: the caller gets a typed end within a second, never [DONE]")
  void killedPublisher() throws Exception {
    try (UpstreamProcess upstream = UpstreamProcess.start(2_000, 20); PublisherProcess publisher = publish(upstream)) {
      BufferedReader lines = begun("tiny");
      long killed = System.nanoTime();
      publisher.kill();
      List<String> rest = rest(lines);
      Duration took = Duration.ofNanos(System.nanoTime() - killed);
      assertTrue(rest.getLast().contains("\"code\":\"upstream_cut\""), rest.getLast());
      assertFalse(rest.contains("data: [DONE]"));
      assertTrue(took.compareTo(Duration.ofSeconds(1)) < 0, took.toString());
      assertEquals(503, ask("tiny", false).statusCode(), "nobody serves it now");
    }
  }

  @Test
  @DisplayName("R-A25 a caller who leaves ends the model server's call; another call of the same publisher goes on")
  void callerLeaves() throws Exception {
    try (UpstreamProcess upstream = UpstreamProcess.start(200, 10); PublisherProcess _ = publish(upstream)) {
      BufferedReader stays = begun("tiny");
      begun("tiny").close();
      await().atMost(Duration.ofSeconds(5)).until(() -> upstream.left() == 1);
      assertEquals("data: [DONE]", rest(stays).getLast());
      assertEquals(1, upstream.left());
    }
  }

  @Test
  @DisplayName("R-82 a second process on the same machine is another publisher; both serve")
  void secondProcess() throws Exception {
    try (UpstreamProcess upstream = UpstreamProcess.start(5, 5); PublisherProcess publisher = publish(upstream);
        PublisherProcess second = publish(upstream, "--name", "other")) {
      assertNotEquals(publisher.id(), second.id());
      assertEquals(200, ask("other", false).statusCode());
      assertEquals(200, ask("tiny", false).statusCode());
    }
  }

  @Test
  @DisplayName("R-86 Ctrl-C lets the answer under way end, takes no more, and the publisher ends in order")
  void drains() throws Exception {
    try (UpstreamProcess upstream = UpstreamProcess.start(150, 20); PublisherProcess publisher = publish(upstream)) {
      BufferedReader lines = begun("tiny");
      publisher.signal("INT");
      await().atMost(PATIENCE).until(() -> publisher.told().contains("link=draining"));
      List<String> rest = rest(lines);
      assertEquals("data: [DONE]", rest.getLast(), publisher.told());
      assertEquals(0, publisher.awaitEnd());
      assertEquals(503, ask("tiny", false).statusCode());
    }
  }

  @Test
  @DisplayName("a node that refuses the key ends the publisher with its reason; no identity is left behind")
  void refusedKey() throws Exception {
    Path consumer = temp.resolve("consumer.key");
    assertEquals(0,
        node.cli("key", "create", "--role", "consumer", "--label", "c", "--out", consumer.toString()).exitCode());
    try (UpstreamProcess upstream = UpstreamProcess.start(5, 5);
        PublisherProcess publisher = PublisherProcess.start(node, consumer, temp.resolve("home"), "--backend",
            upstream.url())) {
      assertEquals(4, publisher.awaitEnd());
      assertTrue(publisher.told().contains("publisher"), publisher.told());
      assertEquals(List.of(), identities());
    }
  }
}
