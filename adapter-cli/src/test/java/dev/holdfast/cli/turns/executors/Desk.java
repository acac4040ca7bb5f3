package dev.holdfast.cli.turns.executors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A user with a worker, and the key of those that work for it. */
final class Desk {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final NodeClient user;
  private final NodeClient executor;
  private final String id;

  /** @param subject nobody else's, so that no other executor takes part */
  Desk(NodeClient admin, String subject) {
    this(admin, subject, Json.object("execution", "external"));
  }

  Desk(NodeClient admin, String subject, Json request) {
    user = admin.withKey("consumer", subject);
    executor = admin.withKey("executor", subject);
    id = NodeClient.text(user.post("/api/v1/workers", request), "worker_id");
  }

  /** Somebody else at the same worker. */
  Desk(NodeClient user, NodeClient executor, String id) {
    this.user = user;
    this.executor = executor;
    this.id = id;
  }

  NodeClient user() {
    return user;
  }

  NodeClient executor() {
    return executor;
  }

  String executorKey() {
    return executor.key();
  }

  String id() {
    return id;
  }

  String worker() {
    return "/api/v1/workers/" + id;
  }

  String send(String content) {
    return send(content, "next_turn");
  }

  String send(String content, String ingress) {
    return NodeClient.text(user.post(worker() + "/inputs",
        Json.object("kind", "user", "content", content, "ingress", Json.object("kind", ingress))), "input_id");
  }

  String turnOf(String input) {
    return await().atMost(PATIENCE).until(
        () -> Objects.requireNonNullElse(NodeClient.optionalText(user.get(worker() + "/inputs/" + input), "turn_id"),
            ""),
        turn -> !turn.isEmpty());
  }

  Json turn(String turn) {
    return user.get("/api/v1/turns/" + turn);
  }

  Json ended(String turn) {
    return await().atMost(PATIENCE).until(() -> turn(turn), t -> NodeClient.optionalText(t, "outcome") != null);
  }

  /** @param stage to wait for, or empty for none */
  Json cancel(String turn, String stage) {
    String query = stage.isEmpty() ? "" : "?timeout_ms=30000&wait=" + stage;
    return user.call("POST", "/api/v1/turns/" + turn + "/cancel" + query, Json.EMPTY_OBJECT, null).body();
  }

  /** Waits until the turn has said so much. */
  void awaitSaid(String turn, String text) {
    await().atMost(PATIENCE).until(() -> said(turn).contains(text));
  }

  private String said(String turn) {
    return NodeClient.items(user.get("/api/v1/turns/" + turn + "/output?limit=256"), "items").stream()
        .map(record -> Objects.requireNonNullElse(NodeClient.optionalText(record, "text"), ""))
        .collect(Collectors.joining());
  }

  List<String> answers(String turn) {
    return NodeClient.items(user.get(worker() + "/transcript"), "items").stream()
        .filter(entry -> turn.equals(NodeClient.optionalText(entry, "turn_id")))
        .map(entry -> NodeClient.text(entry, "content")).toList();
  }

  /** What a reader of the whole turn sees, which has no fault. */
  FollowedTurn followed(String turn) throws InterruptedException {
    var followed = new FollowedTurn(turn);
    followed.follow(user);
    assertEquals(List.of(), followed.judge().faults());
    return followed;
  }
}
