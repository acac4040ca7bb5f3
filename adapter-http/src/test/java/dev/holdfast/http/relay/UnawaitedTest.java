package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.application.relay.Models;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.Streams;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever asked has gone, or never waited: the node says nothing of what becomes of it, and keeps nothing. */
@Timeout(120)
class UnawaitedTest {
  private static final String TASKS = "/api/v1/inference-tasks";
  private static final String CHAT = "/v1/chat/completions";

  private final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.rates.requests", 10_000_000));
  private final FakePublisher publisher = new FakePublisher(node, "ann");
  private final FakeProvider fake = new FakeProvider();
  private final Relay.Present present = node.bean(Relay.Present.class);
  private final Streams streams = node.bean(Streams.class);

  private final PrintStream usual = System.err;
  private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
  /** Warnings and errors: nothing else is logged in a test. */
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    Thread.setDefaultUncaughtExceptionHandler((_, e) -> uncaught.add(e));
  }

  @AfterEach
  void close() {
    System.setErr(usual);
    Thread.setDefaultUncaughtExceptionHandler(before);
    publisher.close();
    node.close();
    fake.close();
  }

  private static String asked(String model, boolean stream) {
    return Json.object("model", model, "messages", List.of(Json.object("role", "user", "content", "hi")), "stream",
        stream).text();
  }

  private Socket call(String model, boolean stream) throws Exception {
    String body = asked(model, stream);
    var socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
    socket.getOutputStream().write(("POST " + CHAT + " HTTP/1.1\r\nHost: " + node.host() + "\r\nAuthorization: Bearer "
        + node.adminKey() + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
        + body).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String submit(String model, boolean streaming) {
    return node.post(TASKS, Json.object("model", model, "streaming", streaming, "request",
        Json.object("messages", List.of())).text()).text("task_id");
  }

  private void awaitState(String id, String state) {
    await().until(() -> node.get(TASKS + "/" + id).text("state").equals(state));
  }

  private List<UsageRecord> usage() {
    return node.bean(Store.class).read(state -> state.usage(0, 1_000));
  }

  private void assertNothingLeft(int streamsOpen) {
    await().until(() -> streams.open() == streamsOpen);
    await().until(() -> present.tasks().count() == 0 && present.admissions().busy().isEmpty());
    assertEquals(0, present.admissions().queued("mine"));
    assertEquals("", log.toString(StandardCharsets.UTF_8));
    assertEquals(List.of(), uncaught);
  }

  @Test
  @DisplayName("R-A35 an unawaited failing task: no error in the node, neither told nor uncaught, and nothing is left of it")
  void nobodyWaits() throws Exception {
    publisher.register("mine");
    publisher.open();
    for (boolean stream : new boolean[] {false, true}) {
      Socket caller = call("mine", stream);
      FakePublisher.Frame task = publisher.next();
      caller.close();
      assertEquals("cancel", publisher.next().text("kind"));
      assertEquals(404, publisher.fail(task, "too late").status());
    }
    String whole = submit("mine", false);
    assertEquals(200, publisher.fail(publisher.next(), "out of memory").status());
    awaitState(whole, "failed");
    String streamed = submit("mine", true);
    FakePublisher.Frame begun = publisher.next();
    publisher.chunk(begun, 1, FakePublisher.delta("one"), false);
    assertEquals(200, publisher.fail(begun, "out of memory").status());
    awaitState(streamed, "failed");
    for (String behaviour : List.of("cut", "garbage", "s404")) {
      node.bean(Models.class).add(NodeUnderTest.called(), FakeProvider.wanted(behaviour, fake.url(behaviour)), null);
      awaitState(submit(behaviour, !behaviour.equals("s404")), behaviour.equals("s404") ? "completed" : "failed");
    }
    String lost = submit("mine", false);
    publisher.next();
    publisher.cut();
    awaitState(lost, "pending");
    assertEquals("cancelled", node.send("DELETE", TASKS + "/" + lost, null).text("state"));
    await().until(() -> usage().size() == 8);
    assertEquals(8, usage().stream().map(UsageRecord::request).distinct().count(), "one record each");
    assertNothingLeft(0);
  }

  @Test
  @DisplayName("R-A35 2 000 followers of a task come over HTTP and leave: no stream and no error is left behind")
  void followers() throws Exception {
    publisher.register("mine");
    publisher.open();
    String id = submit("mine", true);
    FakePublisher.Frame task = publisher.next();
    publisher.chunk(task, 1, FakePublisher.delta("one"), false);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String key = node.key(Role.ADMIN, "ann", true);
        all.add(threads.submit(() -> {
          for (int n = 0; n < 500; n++) {
            follow(key, TASKS + "/" + id + "/stream");
          }
        }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    await().until(() -> streams.open() == 1);
    publisher.chunk(task, 2, "[DONE]", true);
    awaitState(id, "completed");
    assertNothingLeft(1);
  }

  private void follow(String key, String path) {
    while (true) {
      try (Follower reader = node.followAs(key, path)) {
        if (reader.status() == 200) {
          assertEquals("1.1", Objects.requireNonNull(reader.next()).id());
          return;
        }
      }
      // The node has yet to see that those before have left.
      Thread.onSpinWait();
    }
  }
}
