package dev.holdfast.http.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkRoomTest {

  @Test
  @DisplayName("R-32 a link for which there is no room among its key's streams doesn't end the one that is open")
  void noRoom() throws Exception {
    try (var node = NodeUnderTest.started(Map.of("holdfast.stream.max-per-key", "1"));
        var publisher = new FakePublisher(node, "ann")) {
      publisher.register("mine");
      publisher.open();
      assertEquals("status 429", assertThrows(IOException.class, publisher::open).getMessage());
      CompletableFuture<NodeUnderTest.Answer> answer = CompletableFuture.supplyAsync(() -> node
          .post("/v1/chat/completions", Json.object("model", "mine", "messages", List.of(Json.object("role", "user",
              "content", "hi"))).text()));
      FakePublisher.Frame task = publisher.next();
      assertEquals("task", task.event());
      publisher.ack(task);
      publisher.result(task, 200, Json.object("choices", List.of()));
      assertEquals(200, answer.get().status());
    }
  }
}
