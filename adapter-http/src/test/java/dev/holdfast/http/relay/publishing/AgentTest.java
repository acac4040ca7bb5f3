package dev.holdfast.http.relay.publishing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.publishing.Publishing;
import dev.holdfast.application.relay.publishing.Serving;
import dev.holdfast.application.relay.publishing.Timing;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishing.PublishingState;
import dev.holdfast.http.NodeUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The agent of {@code holdfast publish} and a node, over real HTTP, on machines that sleep and lose their links. */
@Timeout(60)
class AgentTest {
  private static final String POOL = "pool";
  private static final String DONE = "[DONE]";
  private static final Timing QUICK = new Timing(Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofMillis(25),
      Duration.ofSeconds(10), Duration.ofMillis(50));

  private final NodeUnderTest node = NodeUnderTest.started();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.shutdownNow();
    node.close();
  }

  /** A model server that answers with one stream at a time, piece by piece as a test says. */
  private static final class Backend implements ProviderCalls {
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger aborted = new AtomicInteger();

    private record Piece(String data) {}

    void say(String text) {
      pieces.add(new Piece(Json.object("model", "m", "choices",
          List.of(Json.object("index", 0, "delta", Json.object("content", text)))).text()));
    }

    void end() {
      pieces.add(new Piece(DONE));
    }

    @Override
    public ProviderAnswer call(PublicProvider provider, InferenceRequest request) {
      calls.incrementAndGet();
      return new ProviderAnswer.Streamed(new AnswerStream() {
        private boolean over;

        @Override
        public AnswerStream.Piece next(Duration atMost) throws InterruptedException {
          Backend.Piece piece = pieces.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
          over |= piece != null && piece.data().equals(DONE);
          return piece == null ? AnswerStream.SILENT : new AnswerStream.Piece.Event(piece.data());
        }

        @Override
        public void close() {
          if (!over) {
            over = true;
            aborted.incrementAndGet();
          }
        }
      });
    }
  }

  /** A machine with a model server of its own. */
  private final class Machine implements AutoCloseable {
    private final NodeCalls calls;
    private final SleepyNode way;
    private final Backend backend = new Backend();
    private final List<String> linked = new CopyOnWriteArrayList<>();
    private final Thread thread;

    Machine(String name) throws IOException, GeneralSecurityException {
      calls = new NodeCalls(new NodeAddress(node.uri("").toString(), node.key(Role.PUBLISHER, "ann", false), ""));
      way = new SleepyNode(calls);
      var offer = new Offer(name, POOL, Offer.OPENAI, "m", Offer.USUAL_TIER, null, Offer.Visibility.SHARED, 4, null,
          null);
      var model = PublicProvider.of(Provider.idOf(name), "ann", Offer.of("backend", "m", Offer.Visibility.PRIVATE),
          "http://127.0.0.1:9/v1", null, Instant.EPOCH);
      var plan = new Publishing.Plan(name, List.of(new Serving(offer, model, null, Status.ACTIVE)), Optional.empty(),
          _ -> {
          });
      var publishing = new Publishing(way, backend, plan, QUICK, () -> 0.5, this::hear);
      thread = Thread.ofVirtual().start(() -> {
        try {
          var _ = publishing.run();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      awaitLinks(1);
    }

    private PublishingState.@Nullable Link before;

    private synchronized void hear(PublishingState state) {
      if (state.link() instanceof PublishingState.Open(String publisher) && !state.link().equals(before)) {
        linked.add(publisher);
      }
      before = state.link();
    }

    void awaitLinks(int count) {
      await().until(() -> linked.size() >= count);
    }

    @Override
    public void close() throws InterruptedException {
      thread.interrupt();
      thread.join();
      calls.close();
    }
  }

  private String submit() {
    return node.post("/api/v1/inference-tasks", Json.object("model", POOL, "streaming", true, "request",
        Json.object("messages", List.of())).text()).text("task_id");
  }

  private BufferedReader lines(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = client.send(request.header("Authorization", "Bearer " + node.adminKey()).build(),
        HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, answer.statusCode());
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  private static void awaitLine(BufferedReader lines, String part) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(part)) {
        return;
      }
    }
    throw new AssertionError("it ended without " + part);
  }

  private String state(String task) {
    return node.get("/api/v1/inference-tasks/" + task).text("state");
  }

  @Test
  @DisplayName("R-A30 laptop slept through a requeue: all its posts find no task, its model server's call is ended, no text is mixed; "
      + "it links again as who it was")
  void slept() throws Exception {
    try (var laptop = new Machine("laptop")) {
      String task = submit();
      BufferedReader lines =
          lines(HttpRequest.newBuilder(node.uri("/api/v1/inference-tasks/" + task + "/stream")));
      laptop.backend.say("asleep1");
      awaitLine(lines, "asleep1");
      laptop.way.sleep();
      laptop.backend.say("asleep2");
      laptop.backend.say("asleep3");
      // The node gives its silent link up.
      node.bean(Relay.Present.class).links().endAll(LinkFrame.Why.SLOW_READER);
      await().until(() -> state(task).equals("pending"));
      try (var other = new Machine("other")) {
        other.backend.say("awake1");
        awaitLine(lines, "event: restarted");
        laptop.way.wake();
        // Its model server talks on until nobody listens.
        await().until(() -> {
          laptop.backend.say("asleep4");
          return laptop.backend.aborted.get() == 1;
        });
        other.backend.say("awake2");
        other.backend.end();
        String rest = lines.lines().collect(Collectors.joining("\n"));
        assertTrue(rest.contains("awake1") && rest.contains("awake2"), rest);
        assertFalse(rest.contains("asleep"), rest);
        assertTrue(rest.endsWith("data: {\"state\":\"completed\"}\n"), rest);
      }
      assertEquals(2L, node.get("/api/v1/inference-tasks/" + task).member("epoch"));
      assertFalse(laptop.way.answers.isEmpty());
      for (Outcome<Boolean> answer : laptop.way.answers) {
        assertEquals(Reason.TASK_NOT_FOUND, assertInstanceOf(Outcome.Refused.class, answer).reason());
      }
      assertEquals(1, laptop.backend.calls.get());
      laptop.awaitLinks(2);
      assertEquals(laptop.linked.getFirst(), laptop.linked.getLast());
    }
  }

  @Test
  @DisplayName("R-A21 a machine that lost its link links again before the node has noticed: the newest wins, the old one's late end "
      + "unbinds nothing, and its running task completes over the new one")
  void newestWins() throws Exception {
    try (var laptop = new Machine("laptop")) {
      BufferedReader lines = lines(HttpRequest.newBuilder(node.uri("/v1/chat/completions"))
          .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(Json.object("model",
              POOL, "stream", true, "messages", List.of()).text())),
          laptop.backend);
      awaitLine(lines, "one");
      SleepyNode.Held old = laptop.way.loseLink();
      laptop.awaitLinks(2);
      assertEquals(laptop.linked.getFirst(), laptop.linked.getLast());
      laptop.backend.say("two");
      awaitLine(lines, "two");
      old.end();
      laptop.backend.say("three");
      laptop.backend.end();
      String rest = lines.lines().collect(Collectors.joining("\n"));
      assertTrue(rest.contains("three") && rest.strip().endsWith("data: [DONE]"), rest);
      assertEquals(1, laptop.backend.calls.get());
      assertEquals(true, node.get("/api/v1/models/" + POOL).member("available"));
      assertEquals(1, node.bean(Relay.Present.class).links().publishers().size());
    }
  }

  /** The head of a streamed answer comes with its first piece. */
  private BufferedReader lines(HttpRequest.Builder request, Backend backend) throws IOException, InterruptedException {
    backend.say("one");
    return lines(request);
  }
}
