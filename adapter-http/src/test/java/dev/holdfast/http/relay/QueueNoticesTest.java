package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Relay;
import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who are told of their place while they wait (spec R-44). */
@Timeout(60)
class QueueNoticesTest {
  private static final String FINISH = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

  private final NodeUnderTest node = NodeUnderTest.started();
  private final FakePublisher publisher = new FakePublisher(node, "ann");
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    publisher.close();
    node.close();
  }

  /** A streamed call that asks for notices. Its answer has begun. */
  private final class Caller implements AutoCloseable {
    private final HttpResponse<InputStream> answer;
    private final BufferedReader lines;

    Caller(String path, Json body) throws IOException, InterruptedException {
      answer = client.send(HttpRequest.newBuilder(node.uri(path))
          .header("Authorization", "Bearer " + node.adminKey()).header("Content-Type", "application/json")
          .header("X-Holdfast-Queue-Notices", "1")
          .POST(HttpRequest.BodyPublishers.ofString(body.text())).build(), HttpResponse.BodyHandlers.ofInputStream());
      lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    Caller() throws IOException, InterruptedException {
      this("/v1/chat/completions", Json.object("model", "mine", "stream", true, "messages",
          List.of(Json.object("role", "user", "content", "hi"))));
    }

    /** The next line that begins so. */
    String line(String begins) throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(begins)) {
          return line;
        }
      }
      return "nothing more";
    }

    String place() throws IOException {
      return line(": queued").replaceAll("wait_s=[0-9]+", "wait_s=n");
    }

    @Override
    public void close() throws IOException {
      answer.body().close();
    }
  }

  /** A call that has the only place. */
  private FakePublisher.Frame busy() throws IOException, InterruptedException {
    publisher.register(List.of(Json.object("name", "mine", "backend_model", "b", "visibility", "shared",
        "max_in_flight", 1)));
    publisher.open();
    Thread.ofVirtual().start(() -> node.post("/v1/chat/completions",
        "{\"model\":\"mine\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));
    FakePublisher.Frame first = publisher.next();
    publisher.ack(first);
    return first;
  }

  private void serve(FakePublisher.Frame task) {
    publisher.ack(task);
    publisher.chunk(task, 1, FINISH, false);
    publisher.chunk(task, 2, "[DONE]", true);
  }

  @Test
  @DisplayName("R-44 a streamed call that asks for it is told its place in the queue as that changes, and then gets its answer")
  void places() throws Exception {
    FakePublisher.Frame first = busy();
    try (var second = new Caller(); var third = new Caller()) {
      assertEquals(200, second.answer.statusCode());
      assertEquals("1", second.answer.headers().firstValue("X-Queue-Position").orElse("none"));
      assertEquals(": queued place=1 wait_s=n", second.place());
      assertEquals(": queued place=2 wait_s=n", third.place());
      publisher.result(first, 200, Json.object("choices", List.of()));
      assertTrue(third.line(": queued place=1 ").startsWith(":"));
      serve(publisher.next());
      assertTrue(second.line("data: ").contains("finish_reason"));
      assertEquals("data: [DONE]", second.line("data: "));
      serve(publisher.next());
      assertTrue(third.line("data: ").contains("finish_reason"));
      assertEquals("data: [DONE]", third.line("data: "));
    }
  }

  @Test
  @DisplayName("R-46 what goes wrong behind the head of such an answer is an error within it, in the form of what was asked")
  void errors() throws Exception {
    FakePublisher.Frame first = busy();
    try (var late = new Caller(); var response = new Caller("/v1/responses", Json.object("model", "mine", "stream",
        true, "store", false, "input", "hi"))) {
      late.place();
      response.place();
      node.bean(TestTime.class).set(Duration.ofSeconds(61));
      node.bean(Relay.Present.class).tick();
      assertTrue(late.line("data: ").contains("queue_deadline_exceeded"));
      assertEquals("nothing more", late.line("data: "));
      assertTrue(response.line("event: response.failed").contains("failed"));
    }
    node.bean(TestTime.class).set(Duration.ZERO);
    try (var refused = new Caller()) {
      refused.place();
      publisher.result(first, 200, Json.object("choices", List.of()));
      publisher.result(publisher.next(), 400, Json.object("error", Json.object("code", "context_length", "message",
          "too long")));
      assertTrue(refused.line("data: ").contains("context_length"));
      assertEquals("nothing more", refused.line("data: "));
    }
    Relay.Present present = node.bean(Relay.Present.class);
    await().until(() -> present.admissions().busy().isEmpty());
  }

  @Test
  @DisplayName("R-45 a caller who leaves while it is told of its place leaves the queue; one who needn't wait is told so in the usual way")
  void leaves() throws Exception {
    FakePublisher.Frame first = busy();
    Relay.Present present = node.bean(Relay.Present.class);
    try (var leaver = new Caller()) {
      leaver.place();
      assertEquals(1, present.admissions().queued("mine"));
    }
    await().until(() -> present.admissions().queued("mine") == 0);
    publisher.result(first, 200, Json.object("choices", List.of()));
    Thread.ofVirtual().start(() -> {
      try {
        serve(publisher.next());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    try (var free = new Caller()) {
      assertEquals("mine", free.answer.headers().firstValue("X-Holdfast-Provider").orElse("none"));
      free.line("data: [DONE]");
    }
    await().until(() -> present.admissions().busy().isEmpty());
  }
}
