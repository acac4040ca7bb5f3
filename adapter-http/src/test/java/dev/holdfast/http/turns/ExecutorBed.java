package dev.holdfast.http.turns;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node with a subject whose workers are run from outside, and keys of that subject. */
final class ExecutorBed implements AutoCloseable {
  final NodeUnderTest node;
  final String ann;
  final String executor;

  ExecutorBed(Map<String, Object> properties) {
    node = NodeUnderTest.started(properties);
    ann = node.key(Role.CONSUMER, "ann", true);
    executor = node.key(Role.EXECUTOR, "ann", true);
  }

  String worker() {
    return asAnn("POST", "/api/v1/workers", "{\"execution\":\"external\"}").text("worker_id");
  }

  NodeUnderTest.Answer asAnn(String method, String path, @Nullable String body) {
    return node.sendAs(ann, method, path, body);
  }

  NodeUnderTest.Answer asExecutor(String path) {
    return node.sendAs(executor, "GET", path, null);
  }

  String input(String worker, String content) {
    return asAnn("POST", "/api/v1/workers/" + worker + "/inputs", Json.object("content", content).text())
        .text("input_id");
  }

  /** For the turn that runs. */
  String steer(String worker, String content) {
    return asAnn("POST", "/api/v1/workers/" + worker + "/inputs",
        Json.object("content", content, "ingress", Json.object("kind", "active_turn")).text()).text("input_id");
  }

  String wake(String worker, int sequence) {
    return asAnn("POST", "/api/v1/workers/" + worker + "/wakes",
        Json.object("origin", "mail", "origin_sequence", sequence, "text", "look").text()).text("batch_id");
  }

  String command(String worker, String kind) {
    return asAnn("POST", "/api/v1/workers/" + worker + "/commands", Json.object("kind", kind).text())
        .text("batch_id");
  }

  ExecutorClient client(String worker, String name) {
    return new ExecutorClient(node, executor, worker, name, false);
  }

  ExecutorClient forgetful(String worker, String name) {
    return new ExecutorClient(node, executor, worker, name, true);
  }

  /** The node's clock goes on by so much at once. */
  void pass(Duration time) {
    node.bean(TestTime.class).set(time);
  }

  static Json claim(NodeUnderTest.Answer work) {
    return ExecutorClient.object(work.member("claim"));
  }

  /** The claim of one family at a checkpoint. */
  static Json claim(NodeUnderTest.Answer claims, String family) {
    return ExecutorClient.object(ExecutorClient.of(ExecutorClient.object(claims.member(family)), "claim"));
  }

  static String turn(NodeUnderTest.Answer work) {
    return String.valueOf(
        Objects.requireNonNull(ExecutorClient.of(ExecutorClient.object(work.member("turn")), "turn_id")));
  }

  @Override
  public void close() {
    node.close();
  }
}
