package dev.holdfast.http.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.access.SchemaFit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An executor of one session, as somebody would write it in another language. One that is {@code forgetful} never reads the
 * first answer to a call, and calls again.
 */
final class ExecutorClient {
  private final NodeUnderTest node;
  private final String key;
  private final String session;
  private final String owner;
  private final boolean forgetful;
  private @Nullable Json fence;

  ExecutorClient(NodeUnderTest node, String key, String session, String name, boolean forgetful) {
    this.node = node;
    this.key = key;
    this.session = session;
    this.owner = key.substring(4, 20) + ":" + name;
    this.forgetful = forgetful;
  }

  String owner() {
    return owner;
  }

  Json fence() {
    return Objects.requireNonNull(fence, "no lease");
  }

  /** The same executor under another fence. */
  ExecutorClient holding(Json other) {
    var client = new ExecutorClient(node, key, session, "other", forgetful);
    client.fence = other;
    return client;
  }

  NodeUnderTest.Answer send(String path, Json body) {
    if (forgetful) {
      node.sendAs(key, "POST", path, body.text());
    }
    return fitting(path, node.sendAs(key, "POST", path, body.text()));
  }

  /** Every answer of the protocol has the members that the document says. */
  private static NodeUnderTest.Answer fitting(String path, NodeUnderTest.Answer answer) {
    if (answer.status() == 200) {
      String schema = switch (path.substring(path.lastIndexOf('/') + 1)) {
        case "lease", "reclaim", "renew" -> "Lease";
        case "next-work" -> "NextWork";
        case "checkpoint-claims" -> "CheckpointClaims";
        case "commits" -> "CommitResult";
        case "cancel-ack" -> "Cancel";
        case "output" -> "Appended";
        default -> throw new IllegalArgumentException(path);
      };
      assertEquals(List.of(), SchemaFit.misfits(path, schema, answer.json()), answer.body());
    }
    return answer;
  }

  private NodeUnderTest.Answer call(String what, @Nullable Object... members) {
    return send("/api/v1/sessions/" + session + "/" + what, Json.object(members));
  }

  /** One that is granted is held from then on. */
  NodeUnderTest.Answer take() {
    return take(30_000);
  }

  NodeUnderTest.Answer take(long ttl) {
    return held(call("lease", "owner_id", owner, "incarnation_id", "1", "ttl_ms", ttl));
  }

  NodeUnderTest.Answer takeAsProcess(long pid, String start) {
    return held(call("lease", "owner_id", owner, "incarnation_id", "1", "liveness", process(pid, start)));
  }

  NodeUnderTest.Answer reclaim(long pid, String start, Json observed) {
    return held(call("lease/reclaim", "owner_id", owner, "incarnation_id", "1", "liveness", process(pid, start),
        "observed", observed));
  }

  private static Json process(long pid, String start) {
    return Json.object("kind", "local_process", "host_id", "host", "boot_id", "boot", "pid", pid, "process_start",
        start);
  }

  private NodeUnderTest.Answer held(NodeUnderTest.Answer answer) {
    if (answer.status() == 200) {
      fence = object(answer.member("fence"));
    }
    return answer;
  }

  NodeUnderTest.Answer renew() {
    return call("lease/renew", "fence", fence());
  }

  NodeUnderTest.Answer release() {
    return call("lease/release", "fence", fence());
  }

  NodeUnderTest.Answer nextWork() {
    return call("next-work", "fence", fence());
  }

  NodeUnderTest.Answer claims(String turn, Object attempt, String kind) {
    return call("checkpoint-claims", "fence", fence(), "turn_id", turn, "attempt", attempt, "kind", kind);
  }

  NodeUnderTest.Answer abandon(Json claim) {
    return call("abandon", "fence", fence(), "claim_id", of(claim, "claim_id"), "claim_token",
        of(claim, "claim_token"));
  }

  NodeUnderTest.Answer acknowledge(String turn) {
    return call("cancel-ack", "fence", fence(), "turn_id", turn);
  }

  NodeUnderTest.Answer commit(@Nullable Object... members) {
    Map<String, @Nullable Object> body = Json.object(members).members();
    body.put("fence", fence());
    return send("/api/v1/sessions/" + session + "/commits", Json.of(body));
  }

  NodeUnderTest.Answer append(String turn, Object attempt, long firstSeq, String... texts) {
    List<Json> records = List.of(texts).stream().map(text -> Json.object("kind", "delta", "text", text)).toList();
    return send("/api/v1/turns/" + turn + "/output",
        Json.object("fence", fence(), "attempt", attempt, "first_seq", firstSeq, "records", records));
  }

  NodeUnderTest.Answer context(String turn) {
    return node.sendAs(key, "GET", "/api/v1/sessions/" + session + "/context?turn_id=" + turn, null);
  }

  NodeUnderTest.Answer hints(long waitMs) {
    return node.sendAs(key, "GET", "/api/v1/executor/work?wait_ms=" + waitMs, null);
  }

  static @Nullable Object of(Json object, String member) {
    return object.members().get(member);
  }

  static Json object(@Nullable Object value) {
    return Json.of(Objects.requireNonNull(value));
  }
}
