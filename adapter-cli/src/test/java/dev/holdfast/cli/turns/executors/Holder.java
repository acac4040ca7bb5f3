package dev.holdfast.cli.turns.executors;

import dev.holdfast.domain.Json;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Somebody who holds a session, call by call, and does nothing by itself: neither renewals nor work. */
record Holder(Desk desk, Json fence) {

  static Holder of(Desk desk, long ttlMs) {
    return new Holder(desk, NodeClient.member(asking(desk, ttlMs).body(), "fence"));
  }

  /** The answer to asking for the session. */
  static NodeClient.Answer asking(Desk desk, long ttlMs) {
    String key = NodeClient.text(desk.executor().get("/api/v1/whoami"), "key_id");
    return desk.executor().call("POST", "/api/v1/sessions/" + desk.id() + "/lease",
        Json.object("owner_id", key + ":by-hand", "incarnation_id", "1", "ttl_ms", ttlMs), null);
  }

  /** A call of the session with its fence, which has to be answered. */
  Json call(String name, @Nullable Object... members) {
    NodeClient.Answer answer = tried("/api/v1/sessions/" + desk.id() + "/" + name, members);
    if (!answer.isGood()) {
      throw new AssertionError(name + " answered " + answer);
    }
    return answer.body();
  }

  /** The same, whatever the answer is. */
  NodeClient.Answer tried(String path, @Nullable Object... members) {
    Map<String, @Nullable Object> body = Json.object(members).members();
    body.put("fence", Objects.requireNonNull(fence.value()));
    return desk.executor().call("POST", path, Json.of(body), null);
  }
}
