package dev.holdfast.http.access;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.SwitchableStore;
import dev.holdfast.http.relay.FakeProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTest {
  private static final String CONTENT = "canary-content-5d1e";
  private static final String QUERY = "canary-query-77aa";
  private static final String CREDENTIAL = "canary-credential-90c3";
  private static final String LABEL = "canary-label-31fe";
  private static final String HEADER = "canary-header-c0de";
  private static final String URL = "canary-url-2b48";
  private static final String KEY = "ca9a57".repeat(11).substring(0, 64);

  private final PrintStream usual = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  /** Everything that the node answered when something was wrong. */
  private final List<String> told = new ArrayList<>();

  @TempDir
  Path folder;

  /** The log goes to the error stream, as do stack traces that nobody catches. */
  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setErr(usual);
  }

  private String logged() {
    return log.toString(StandardCharsets.UTF_8);
  }

  private void wrong(int status, NodeUnderTest.Answer answer) {
    assertEquals(status, answer.status(), answer.body());
    told.add(answer.body() + answer.headers().map());
  }

  @Test
  @DisplayName("A-A7 No log, problem, metric or record of the audit tells what is secret, or what a caller wrote where nothing keeps it")
  void canaries() throws IOException {
    try (var node = NodeUnderTest.started(); var fake = new FakeProvider()) {
      Path credential = Files.writeString(folder.resolve("key"), CREDENTIAL);
      for (String behaviour : List.of("s401", "s500", "garbage", "binary")) {
        add(node, behaviour, fake.url(behaviour) + "/" + URL, "file:" + credential);
      }
      add(node, "gone", "http://127.0.0.1:1/" + URL, "file:" + credential);
      add(node, "keyless", fake.url("answers") + "/" + URL, "env:HOLDFAST_TEST_ABSENT");

      provokeByKey(node);
      String made = provokeByLabel(node);
      provokeByHeader(node);
      provokeByRequest(node);
      provokeByProvider(node);
      provokeInTurn(node);
      provokeInside(node);

      told.add(node.get("/metrics").body());
      List<Map<String, @Nullable Object>> audit = audit(node);
      audit.forEach(entry -> told.add(Json.of(entry).text()));
      // Of everything that was provoked above there is a record, or the audit's silence would prove nothing.
      for (String action : List.of("key.create", "key.revoke", "worker.create", "input.send", "provider.add",
          "worker.list")) {
        assertTrue(audit.stream().anyMatch(entry -> action.equals(entry.get("action"))), action);
      }
      String secret = node.adminKey().substring(node.adminKey().indexOf('_', 4) + 1);
      for (String canary : List.of(CONTENT, QUERY, CREDENTIAL, URL, KEY, secret, secret.substring(0, 64), LABEL, HEADER,
          made.substring(21, 85))) {
        assertTrue(told.stream().noneMatch(text -> text.contains(canary)), () -> canary + " in " + told);
        assertTrue(!logged().contains(canary), () -> canary + " in " + logged());
      }
    }
  }

  private static void add(NodeUnderTest node, String name, String url, String credential) {
    node.bean(Models.class).add(NodeUnderTest.called(), FakeProvider.wanted(name, url, credential), null);
  }

  private void provokeByKey(NodeUnderTest node) {
    String unknown = new PresentedKey("0123456789abcdef", KEY).text();
    wrong(401, node.sendAs(unknown, "GET", "/api/v1/workers", null));
    wrong(401, node.sendAs(unknown + "0", "GET", "/api/v1/workers", null));
    wrong(401, node.sendAs(null, "GET", "/api/v1/workers?key=" + unknown, null, "x-api-key", unknown));
  }

  /** @return the text of a key that was made, which its own answer alone may tell */
  private String provokeByLabel(NodeUnderTest node) {
    String asked = "{\"role\":\"ROLE\",\"label\":\"" + LABEL + "\",\"subject\":\"" + LABEL + "- \"}";
    wrong(400, node.post("/api/v1/keys", asked.replace("ROLE", "king")));
    wrong(400, node.post("/api/v1/keys", asked.replace("ROLE", "consumer")));
    wrong(400, node.post("/api/v1/keys", "{\"role\":\"consumer\",\"label\":\"l\",\"models\":[\"" + LABEL + "\",1]}"));
    NodeUnderTest.Answer made = node.post("/api/v1/keys", "{\"role\":\"consumer\",\"label\":\"" + LABEL + "\"}");
    String text = made.text("key_text");
    wrong(403, node.sendAs(text, "POST", "/api/v1/keys", "{}"));
    String path = "/api/v1/keys/" + text.substring(4, 20);
    wrong(409, node.send("DELETE", path, null));
    node.post(path + "/revoke", Json.object("note", LABEL).text());
    wrong(401, node.sendAs(text, "GET", "/api/v1/workers", null));
    wrong(404, node.post("/api/v1/keys/" + LABEL + "/rotate", "{}"));
    return text;
  }

  /** In forms that nothing keeps; what has the right form is the caller's own name for something. */
  private void provokeByHeader(NodeUnderTest node) {
    wrong(403, node.sendAs(node.key(Role.CONSUMER, "ann", true), "POST", "/api/v1/runtime/stop", "{}", "X-Request-Id",
        HEADER + " !"));
    wrong(400, node.post("/api/v1/workers", "{}", "X-On-Behalf-Of", HEADER + " !"));
    wrong(403, node.sendAs(node.key(Role.CONSUMER, "ann", true), "POST", "/api/v1/workers", "{}", "X-On-Behalf-Of",
        HEADER));
    wrong(400, node.post("/api/v1/workers", "{\"no\":1}", "Idempotency-Key", HEADER));
    wrong(400, node.post("/api/v1/workers", "{}", "Idempotency-Key", HEADER + " " + HEADER));
    wrong(400, node.send("DELETE", "/api/v1/keys/0123456789abcdef", null, "If-Match", HEADER));
    assertEquals(200, node.post("/api/v1/workers", "{}", "Idempotency-Key", HEADER).status());
  }

  private static List<Map<String, @Nullable Object>> audit(NodeUnderTest node) {
    return node.get("/api/v1/audit?limit=256").items();
  }

  private void provokeByRequest(NodeUnderTest node) {
    wrong(404, node.get("/api/v1/" + QUERY + "?" + QUERY + "=" + QUERY));
    wrong(400, node.get("/api/v1/workers?limit=" + QUERY));
    wrong(400, node.get("/api/v1/events?cursor=" + QUERY));
    wrong(405, node.send("DELETE", "/api/v1/workers?status=" + QUERY, null));
    String worker = node.post("/api/v1/workers", "{}").text("worker_id");
    String inputs = "/api/v1/workers/" + worker + "/inputs";
    wrong(400, node.post(inputs, "{\"content\":\"" + CONTENT));
    wrong(400, node.post(inputs, "{\"content\":[\"" + CONTENT + "\"]}"));
    wrong(400, node.post("/v1/chat/completions", "{\"model\":\"scripted\",\"messages\":\"" + CONTENT + "\"}"));
  }

  private void provokeByProvider(NodeUnderTest node) {
    for (String name : List.of("s401", "s500", "garbage", "binary", "gone", "keyless")) {
      for (boolean stream : List.of(true, false)) {
        NodeUnderTest.Answer answer = node.post("/v1/chat/completions", Json.object("model", name, "stream", stream,
            "messages", List.of(Json.object("role", "user", "content", CONTENT))).text());
        told.add(answer.body());
      }
    }
    wrong(502, node.post("/api/v1/providers",
        Json.object("name", "more", "url", "http://127.0.0.1:1/" + URL).text()));
  }

  private void provokeInTurn(NodeUnderTest node) {
    for (String model : List.of("s401", "keyless")) {
      String worker = node.post("/api/v1/workers", Json.object("model", model).text()).text("worker_id");
      node.post("/api/v1/workers/" + worker + "/inputs", Json.object("content", CONTENT).text());
      try (Follower events = node.follow("/api/v1/events/stream?worker_id=" + worker)) {
        events.until(frame -> frame.event().equals("turn.failed")).forEach(frame -> told.add(frame.data().text()));
      }
    }
  }

  private void provokeInside(NodeUnderTest node) {
    SwitchableStore store = node.bean(SwitchableStore.class);
    String worker = node.post("/api/v1/workers", "{}").text("worker_id");
    store.breakWrites(new IllegalStateException(CONTENT + " " + CREDENTIAL));
    wrong(500, node.post("/api/v1/workers/" + worker + "/inputs", Json.object("content", CONTENT).text()));
    store.breakWrites(new IllegalStateException(KEY, new IOException(URL)));
    wrong(500, node.post("/api/v1/workers", Json.object("model", "scripted").text()));
    store.failWrites(null);
    // The log is looked at, or its silence would prove nothing.
    await().until(() -> logged().contains("IllegalStateException"));
  }
}
