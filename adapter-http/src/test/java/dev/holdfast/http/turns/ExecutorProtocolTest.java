package dev.holdfast.http.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An executor in another process, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecutorProtocolTest {
  private final NodeUnderTest node = NodeUnderTest.started();
  private final String ann = node.key(Role.CONSUMER, "ann", true);
  private final String key = node.key(Role.EXECUTOR, "ann", true);

  @AfterAll
  void close() {
    node.close();
  }

  private String worker() {
    return node.sendAs(ann, "POST", "/api/v1/workers", "{\"execution\":\"external\"}").text("worker_id");
  }

  private String input(String worker, String content) {
    return node.sendAs(ann, "POST", "/api/v1/workers/" + worker + "/inputs",
        Json.object("content", content).text()).text("input_id");
  }

  private static Json claim(NodeUnderTest.Answer work) {
    return ExecutorClient.object(work.member("claim"));
  }

  private static String turn(NodeUnderTest.Answer work) {
    return String.valueOf(ExecutorClient.of(ExecutorClient.object(work.member("turn")), "turn_id"));
  }

  private static String texts(NodeUnderTest.Answer context) {
    return context.items().stream().map(item -> item.get("role") + ":" + item.get("content"))
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("T-A39 An executor runs a worker's turns over HTTP from the hint to the commit, also where the first answer to every call is lost")
  void endToEnd(boolean forgetful) {
    String worker = worker();
    String first = input(worker, "one");
    var executor = new ExecutorClient(node, key, worker, "a", forgetful);
    assertEquals("input", executor.hints(10_000).items().stream()
        .filter(hint -> worker.equals(hint.get("session_id"))).findFirst().orElseThrow().get("why"));
    NodeUnderTest.Answer lease = executor.take();
    assertEquals(200, lease.status(), lease.body());
    assertEquals(1L, ExecutorClient.of(executor.fence(), "generation"));
    NodeUnderTest.Answer work = executor.nextWork();
    assertEquals("turn", work.text("kind"), work.body());
    String turn = turn(work);
    assertEquals(List.of(first), ExecutorClient.of(claim(work), "ids"));
    assertEquals("user:one", texts(executor.context(turn)));
    assertEquals(3L, executor.append(turn, 1, 2, "he", "llo").member("last_seq"));
    assertEquals(4L, executor.append(turn, 1, 4, "!").member("last_seq"));
    assertEquals(turn, executor.renew().text("open_turn_id"));
    NodeUnderTest.Answer end = executor.commit("turn_id", turn, "attempt", 1, "outcome", "completed", "entries",
        List.of(Json.object("role", "assistant", "content", "hello!")), "completed", List.of(claim(work)),
        "usage", Json.object("input_tokens", 3, "output_tokens", 2), "last_output_seq", 4, "release", true);
    assertEquals(200, end.status(), end.body());
    assertEquals(forgetful, end.member("replayed"));
    assertEquals(1L, end.member("head_revision"));
    assertEquals(List.of(2L), end.member("transcript_sequences"));

    NodeUnderTest.Answer shown = node.sendAs(key, "GET", "/api/v1/turns/" + turn, null);
    assertEquals("completed", shown.text("outcome"));
    assertEquals(1, ((List<?>) Objects.requireNonNull(shown.member("attempts"))).size());
    NodeUnderTest.Answer output = node.sendAs(ann, "GET", "/api/v1/turns/" + turn + "/output", null);
    assertEquals("attempt_started delta:he delta:llo delta:! end", output.items().stream()
        .map(record -> record.get("kind") + (record.containsKey("text") ? ":" + record.get("text") : ""))
        .collect(Collectors.joining(" ")));
    NodeUnderTest.Answer session = node.sendAs(key, "GET", "/api/v1/sessions/" + worker, null);
    assertEquals("idle", session.text("activity"));
    assertEquals(1L, session.member("turn_index"));

    input(worker, "two");
    executor.take();
    assertEquals(2L, ExecutorClient.of(executor.fence(), "generation"));
    NodeUnderTest.Answer next = executor.nextWork();
    assertEquals("user:one assistant:hello! user:two", texts(executor.context(turn(next))));
    assertEquals(204, executor.release().status());
    assertTrue(node.sendAs(key, "GET", "/api/v1/turns/" + turn(next), null).body().contains("handed_over"));
  }
}
