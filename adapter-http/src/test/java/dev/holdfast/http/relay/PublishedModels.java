package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Relay;
import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A node, a publisher that the test plays, and callers of what it serves. */
abstract class PublishedModels {
  final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.rates.requests", 10_000_000));
  final FakePublisher publisher = new FakePublisher(node, "ann");

  @AfterEach
  void close() {
    publisher.close();
    node.close();
  }

  static String asked(String model, boolean stream) {
    return Json.object("model", model, "messages", List.of(Json.object("role", "user", "content", "hi")), "stream",
        stream).text();
  }

  CompletableFuture<NodeUnderTest.Answer> ask(String model, boolean stream) {
    return askAs(node.adminKey(), model, stream);
  }

  CompletableFuture<NodeUnderTest.Answer> askAs(String key, String model, boolean stream) {
    var answer = new CompletableFuture<NodeUnderTest.Answer>();
    Thread.ofVirtual().start(() -> {
      try {
        answer.complete(node.sendAs(key, "POST", "/v1/chat/completions", asked(model, stream)));
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  static @Nullable Object code(NodeUnderTest.Answer answer) {
    return answer.json().members().get("error") instanceof Map<?, ?> error ? error.get("code") : answer.body();
  }

  void later(Duration by) {
    node.bean(TestTime.class).set(by);
    node.bean(Relay.Present.class).tick();
  }

  String status(String provider) {
    return node.get("/api/v1/providers").items().stream().filter(one -> provider.equals(one.get("name"))).findFirst()
        .map(one -> String.valueOf(one.get("status"))).orElse("none");
  }

  CompletableFuture<HttpResponse<InputStream>> read(String model) {
    var answer = new CompletableFuture<HttpResponse<InputStream>>();
    Thread.ofVirtual().start(() -> answer.complete(node.exchange(HttpRequest
        .newBuilder(node.uri("/v1/chat/completions")).header("Authorization", "Bearer " + node.adminKey())
        .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(asked(model, true)))
        .build(),
        HttpResponse.BodyHandlers.ofInputStream())));
    return answer;
  }
}
