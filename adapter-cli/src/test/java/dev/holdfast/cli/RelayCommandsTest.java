package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent for providers, publishers and tasks, and what is made of the answers. */
class RelayCommandsTest {
  private static final String TASK = "{\"task_id\":\"task-1\",\"model\":\"m\",\"state\":\"STATE\",\"epoch\":1}";
  private final List<String> bodies = new ArrayList<>();

  private StubNode.Answer kept(String answer) {
    return exchange -> {
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      StubNode.json(200, answer).give(exchange);
    };
  }

  private static Finished run(StubNode node, String... words) {
    return Finished.inProcess(Finished.environment("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere"), words);
  }

  private static String call(StubNode node, int number) {
    HttpExchange request = node.requests().get(number);
    return request.getRequestMethod() + " " + request.getRequestURI();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "provider set local --max-in-flight 8 --pool big | POST /api/v1/providers/local | {\"max_in_flight\":8,\"pool\":\"big\"}",
    "provider set local --url http://10.0.0.1/v1 --allow-http | POST /api/v1/providers/local"
        + " | {\"allow_http\":true,\"url\":\"http://10.0.0.1/v1\"}",
    "provider enable local | POST /api/v1/providers/local | {\"enabled\":true}",
    "provider disable local | POST /api/v1/providers/local | {\"enabled\":false}",
    "provider transfer local --to them | POST /api/v1/providers/local/transfer | {\"to_subject\":\"them\"}",
    "publisher rotate pub-1 | POST /api/v1/publishers/pub-1/rotate | {}",
    "publisher rm pub-1 | DELETE /api/v1/publishers/pub-1 | ",
    "task cancel task-1 | DELETE /api/v1/inference-tasks/task-1 | ",
    "task list --state failed | GET /api/v1/inference-tasks?state=failed&limit=256 | "})
  @DisplayName("each command is one call")
  void calls(String words, String call, String body) {
    try (var node = new StubNode(kept("{\"name\":\"local\",\"publisher_id\":\"pub-1\",\"task_id\":\"task-1\"}"))) {
      Finished done = run(node, words.split(" "));
      assertEquals(ExitCode.OK, done.exitCode(), done.err());
      assertEquals(call, call(node, 0));
      assertEquals(body == null ? "" : body, bodies.getFirst());
    }
  }

  @Test
  @DisplayName("a change that changes nothing is refused before the node is asked")
  void nothing() {
    try (var node = new StubNode(kept("{}"))) {
      assertEquals(ExitCode.of(Reason.INVALID_REQUEST),
          run(node, "provider", "set", "local").exitCode());
      assertTrue(node.requests().isEmpty());
    }
  }

  @Test
  @DisplayName("a text becomes a request with a key that makes it one task; a whole request is sent as it is")
  void submit() {
    try (var node = new StubNode(kept(TASK.replace("STATE", "pending")))) {
      assertEquals(ExitCode.OK, run(node, "task", "submit", "--model", "m", "--stream", "Write", "a haiku").exitCode());
      assertEquals(Json.parse("""
          {"model":"m","streaming":true,"request":{"messages":[{"role":"user","content":"Write a haiku"}]}}
          """), Json.parse(bodies.getFirst()));
      assertFalse(node.requests().getFirst().getRequestHeaders().getFirst("Idempotency-Key").isEmpty());
      run(node, "task", "submit", "--model", "m", "--request", "{\"input\":\"x\"}");
      assertEquals(Json.parse("{\"model\":\"m\",\"request\":{\"input\":\"x\"}}"), Json.parse(bodies.getLast()));
    }
  }

  @Test
  @DisplayName("a follower prints the text as it comes, tells a new attempt, and exits by the task's end")
  void follow() {
    String frames = "event: chunk\nid: 1.1\ndata: {\"epoch\":1,\"seq\":1,\"data\":"
        + "\"{\\\"choices\\\":[{\\\"delta\\\":{\\\"content\\\":\\\"Hel\\\"}}]}\"}\n\n"
        + "event: restarted\nid: 2.0\ndata: {\"epoch\":2}\n\n"
        + "event: chunk\nid: 2.1\ndata: {\"epoch\":2,\"seq\":1,\"data\":"
        + "\"{\\\"choices\\\":[{\\\"delta\\\":{\\\"content\\\":\\\"Hello\\\"}}]}\"}\n\n"
        + "event: end\ndata: {\"state\":\"STATE\"}\n\n";
    for (String state : List.of("completed", "failed")) {
      try (var node = new StubNode(kept(TASK.replace("STATE", "running")),
          StubNode.stream(frames.replace("STATE", state)), kept(TASK.replace("STATE", state)))) {
        Finished followed = run(node, "task", "follow", "task-1");
        assertEquals(state.equals("completed") ? ExitCode.OK : ExitCode.FAILED, followed.exitCode(), followed.err());
        assertTrue(followed.out().startsWith("HelHello"), followed.out());
        assertTrue(followed.err().contains("begins anew"), followed.err());
      }
    }
  }
}
