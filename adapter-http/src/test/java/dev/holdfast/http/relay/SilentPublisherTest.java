package dev.holdfast.http.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Relay;
import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A publisher whose link stays open and that says nothing any more, on a clock that a test moves. */
@Timeout(60)
class SilentPublisherTest {
  private static final String FINISH = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

  private final NodeUnderTest node = NodeUnderTest.started();
  private final FakePublisher publisher = new FakePublisher(node, "ann");

  @AfterEach
  void close() {
    publisher.close();
    node.close();
  }

  /** Where its answer is when it falls silent. */
  enum Stage {
    GIVEN,
    TAKEN,
    BEGUN,
    SAID,
    FINISHED
  }

  private CompletableFuture<NodeUnderTest.Answer> ask() {
    var answer = new CompletableFuture<NodeUnderTest.Answer>();
    String body = Json.object("model", "mine", "stream", true, "messages", List.of()).text();
    Thread.ofVirtual().start(() -> {
      try {
        answer.complete(node.post("/v1/chat/completions", body));
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  private void later(Duration by) {
    node.bean(TestTime.class).set(by);
    node.bean(Relay.Present.class).tick();
  }

  private FakePublisher.Frame upTo(Stage stage) throws InterruptedException {
    FakePublisher.Frame task = publisher.next();
    if (stage.compareTo(Stage.TAKEN) >= 0) {
      publisher.ack(task);
    }
    if (stage.compareTo(Stage.BEGUN) >= 0) {
      publisher.chunk(task, 1, FakePublisher.delta("one"), false);
    }
    if (stage.compareTo(Stage.SAID) >= 0) {
      publisher.chunk(task, 2, FakePublisher.delta("two"), false);
    }
    if (stage == Stage.FINISHED) {
      publisher.chunk(task, 3, FINISH, false);
    }
    return task;
  }

  @ParameterizedTest(
      name = "R-A26 half-open, {0}: a typed end at the deadline and not before, [DONE] only where the provider has "
          + "finished, and the publisher is told to end it")
  @EnumSource
  void ends(Stage stage) throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask();
    FakePublisher.Frame task = upTo(stage);
    later(stage == Stage.GIVEN ? Duration.ofSeconds(9) : Duration.ofSeconds(599));
    assertFalse(answer.isDone());
    later(stage == Stage.GIVEN ? Duration.ofSeconds(11) : Duration.ofSeconds(601));
    NodeUnderTest.Answer told = answer.get();
    String body = told.body();
    switch (stage) {
      case GIVEN -> assertEquals("502 true", told.status() + " " + body.contains("\"publisher_disconnected\""));
      case TAKEN -> assertEquals("504 true", told.status() + " " + body.contains("\"task_deadline_exceeded\""));
      case BEGUN, SAID -> assertTrue(body.contains("\"task_deadline_exceeded\""), body);
      case FINISHED -> assertTrue(body.endsWith("data: [DONE]\n\n"), body);
    }
    assertEquals(stage == Stage.FINISHED, body.contains("[DONE]"), body);
    FakePublisher.Frame cancel = publisher.next();
    assertEquals("cancel " + task.text("task_id"), cancel.text("kind") + " " + cancel.text("task_id"));
    assertEquals(404, publisher.chunk(task, 9, FakePublisher.delta("late"), true).status());
  }
}
