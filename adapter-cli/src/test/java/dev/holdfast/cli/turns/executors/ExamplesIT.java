package dev.holdfast.cli.turns.executors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.turns.executors.ExampleProcess.Language;
import dev.holdfast.domain.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documentation's example executors, run as it says, against the real daemon on SQLite. They mostly wait, so both do
 * the same side by side.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LONG =
      IntStream.rangeClosed(1, 300).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));

  private DaemonProcess daemon;
  private NodeClient admin;
  private final AtomicInteger subjects = new AtomicInteger();

  @BeforeAll
  void start(@TempDir Path temp) {
    daemon = DaemonProcess.ofDistribution(temp.resolve("data"));
    admin = new NodeClient(daemon.address(), daemon.key());
  }

  @AfterAll
  void stop() {
    daemon.close();
  }

  private Desk newDesk() {
    return new Desk(admin, "desk-" + subjects.incrementAndGet());
  }

  private interface Scenario {
    void run(Language language) throws Exception;
  }

  private static void inEachLanguage(Scenario scenario) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> runs = new ArrayList<>();
      for (Language language : Language.values()) {
        if (language.isHere()) {
          runs.add(threads.submit(() -> {
            scenario.run(language);
            return null;
          }));
        }
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
    assumeTrue(Language.NODE.isHere(), "no node of version 20 or newer is here, so executor.mjs was not tested");
  }

  private static ExampleProcess executor(Desk desk, Language language, String... words) {
    return ExampleProcess.start(language.command(), desk.user().node(), desk.executorKey(), words);
  }

  @Test
  @DisplayName("T-A39 an example runs a turn of an input and one of a wake, applies a command, and takes in at a checkpoint what "
      + "arrives for the open turn")
  void turns() throws Exception {
    inEachLanguage(this::turns);
  }

  private void turns(Language language) throws Exception {
    var desk = newDesk();
    String first = desk.send("one two three");
    try (ExampleProcess _ = executor(desk, language, "--pause-ms", "5")) {
      String turn = desk.turnOf(first);
      assertEquals("completed", NodeClient.text(desk.ended(turn), "outcome"));
      assertEquals(List.of("Heard 3 words.\n", "You said: one two three"), desk.answers(turn));
      assertEquals("Heard 3 words.\nYou said: one two three", desk.followed(turn).judge().text());

      Json command = desk.user().post(desk.worker() + "/commands", Json.object("kind", "refresh_tool_catalog"));
      await().atMost(PATIENCE).until(() -> "completed".equals(batch(desk, command, "state")));

      Json wake = desk.user().post(desk.worker() + "/wakes",
          Json.object("origin", "clock", "origin_sequence", 1, "text", "it is \"noon\""));
      String woken = await().atMost(PATIENCE).until(() -> batch(desk, wake, "turn_id"), id -> !id.isEmpty());
      assertEquals("wakes", NodeClient.text(desk.ended(woken), "trigger"));
      assertEquals(List.of("Heard 7 words.\n", "You said: Wake from clock (origin.wake): it is \"noon\""),
          desk.answers(woken));

      assertTaken(desk);
    }
  }

  private static void assertTaken(Desk desk) throws InterruptedException {
    String turn = desk.turnOf(desk.send(LONG));
    desk.awaitSaid(turn, "You said: w1");
    String late = desk.send("and more", "active_turn");
    Json ended = desk.ended(turn);
    assertEquals("completed", NodeClient.text(ended, "outcome"));
    assertEquals(turn, desk.turnOf(late));
    assertTrue(NodeClient.items(ended, "checkpoints").stream()
        .anyMatch(checkpoint -> NodeClient.texts(checkpoint, "inputs").contains(late)), ended::text);
    assertEquals(List.of("Heard 300 words.\n", "You said: " + LONG, "Heard 2 words.\n", "You said: and more"),
        desk.answers(turn));
    assertEquals(String.join("", desk.answers(turn)), desk.followed(turn).judge().text());
  }

  /** Empty where the batch doesn't have it. */
  private static String batch(Desk desk, Json batch, String member) {
    Json shown = desk.user().all(desk.worker() + "/queue").stream()
        .filter(each -> NodeClient.text(each, "batch_id").equals(NodeClient.text(batch, "batch_id"))).findFirst()
        .orElseThrow();
    return Objects.requireNonNullElse(NodeClient.optionalText(shown, member), "");
  }

  @Test
  @DisplayName("an example stops when its turn is cancelled, in all stages, and goes on with the next; at SIGTERM it hands its turn "
      + "over, and who comes next goes on at once")
  void cancelAndHandOver() throws Exception {
    inEachLanguage(this::cancelAndHandOver);
  }

  private void cancelAndHandOver(Language language) throws Exception {
    var desk = newDesk();
    String handedOver;
    try (ExampleProcess executor = executor(desk, language, "--pause-ms", "20")) {
      String turn = desk.turnOf(desk.send(LONG));
      desk.awaitSaid(turn, "w1");
      Json cancelled = desk.cancel(turn, "released");
      assertEquals("durable", NodeClient.text(cancelled, "control"));
      Json cancel = NodeClient.member(cancelled, "cancel");
      assertTrue(cancel.members().keySet()
          .containsAll(Set.of("requested_at", "delivered_at", "acknowledged_at", "released_at")), cancel::text);
      assertEquals("cancelled", NodeClient.text(desk.turn(turn), "outcome"));
      assertEquals("cancelled", desk.followed(turn).judge().outcome());

      handedOver = desk.turnOf(desk.send(LONG));
      desk.awaitSaid(handedOver, "w1");
      executor.signal("TERM");
      assertEquals(language == Language.JAVA ? 143 : 0, executor.awaitEnd());
      assertTrue(desk.turn(handedOver).text().contains("\"handed_over\""));
    }
    // Its lease would have lasted longer than anybody waits here.
    try (ExampleProcess _ = executor(desk, language, "--pause-ms", "1")) {
      Json ended = desk.ended(handedOver);
      assertEquals("completed", NodeClient.text(ended, "outcome"));
      assertEquals(2, NodeClient.items(ended, "attempts").size());
      assertEquals(String.join("", desk.answers(handedOver)), desk.followed(handedOver).judge().text());
    }
  }

  @Test
  @DisplayName("T-A34 a holder stopped with SIGSTOP loses its lease to another one; continued, it ends as lost, and nothing is "
      + "mixed")
  void zombie() throws Exception {
    inEachLanguage(this::zombie);
  }

  private void zombie(Language language) throws Exception {
    var desk = newDesk();
    String input = desk.send(LONG);
    try (ExampleProcess zombie = executor(desk, language, "--name", "zombie", "--ttl-ms", "1500", "--renew-ms", "500",
        "--pause-ms", "100")) {
      String turn = desk.turnOf(input);
      desk.awaitSaid(turn, "You");
      zombie.signal("STOP");
      try (ExampleProcess _ = executor(desk, language, "--name", "successor", "--pause-ms", "0")) {
        Json ended = desk.ended(turn);
        zombie.signal("CONT");
        zombie.awaitLine(line -> line.contains(": lost, "));
        assertAsCommitted(desk, ended);
      }
    }
  }

  private static void assertAsCommitted(Desk desk, Json ended) throws InterruptedException {
    String turn = NodeClient.text(ended, "turn_id");
    assertEquals("completed", NodeClient.text(ended, "outcome"));
    assertEquals(2, NodeClient.items(ended, "attempts").size());
    assertEquals(ended.text(), desk.turn(turn).text());
    assertEquals(List.of("Heard 300 words.\n", "You said: " + LONG), desk.answers(turn));
    assertEquals(String.join("", desk.answers(turn)), desk.followed(turn).judge().text());
  }

  @Test
  @DisplayName("T-A34 every write of a holder that was overtaken is refused, and its release frees nothing")
  void lateWrites() throws Exception {
    var desk = newDesk();
    String input = desk.send(LONG);
    var late = Holder.of(desk, 1_000);
    Json work = late.call("next-work");
    String turn = NodeClient.text(NodeClient.member(work, "turn"), "turn_id");
    String output = "/api/v1/turns/" + turn + "/output";
    List<Json> records = List.of(Json.object("kind", "delta", "text", "early"));
    assertTrue(late.tried(output, "attempt", 1, "first_seq", 2, "records", records).isGood());
    try (ExampleProcess _ = executor(desk, Language.JAVA, "--pause-ms", "5")) {
      desk.awaitSaid(turn, "You said: w1");
      String session = "/api/v1/sessions/" + desk.id();
      Object claim = work.members().get("claim");
      for (NodeClient.Answer answer : List.of(
          late.tried(output, "attempt", 1, "first_seq", 3, "records", records),
          late.tried(output, "attempt", 2, "first_seq", 2, "records", records),
          late.tried(session + "/commits", "turn_id", turn, "attempt", 1, "outcome", "completed", "completed",
              List.of(claim), "release", true),
          late.tried(session + "/checkpoint-claims", "turn_id", turn, "attempt", 1, "kind", "after_work"),
          late.tried(session + "/next-work"),
          late.tried(session + "/lease/renew"))) {
        assertEquals("lease_expired", answer.reason());
      }
      assertEquals(204, late.tried(session + "/lease/release").status());
      assertAsCommitted(desk, desk.ended(turn));
      assertEquals(turn, desk.turnOf(input));
    }
  }

  @Test
  @DisplayName("T-A39 the first answer to every kind of call gets lost: the example makes each again, and everything takes effect once")
  void lostReplies() throws Exception {
    inEachLanguage(this::lostReplies);
  }

  private void lostReplies(Language language) throws Exception {
    var desk = newDesk();
    desk.user().post(desk.worker() + "/commands", Json.object("kind", "refresh_tool_catalog"));
    String input = desk.send("one two three");
    try (var proxy = new LossyProxy(daemon.address());
        ExampleProcess _ =
            ExampleProcess.start(language.command(), proxy.address(), desk.executorKey(), "--pause-ms", "10",
                "--ttl-ms", "9000", "--renew-ms", "100")) {
      String turn = desk.turnOf(input);
      assertEquals("completed", NodeClient.text(desk.ended(turn), "outcome"));
      String cancelled = desk.turnOf(desk.send(LONG));
      desk.awaitSaid(cancelled, "w1");
      desk.cancel(cancelled, "released");
      for (String each : List.of(turn, cancelled)) {
        assertEquals(1, NodeClient.items(desk.ended(each), "attempts").size());
        assertEquals(String.join("", desk.answers(each)), desk.followed(each).judge().text());
      }
      assertEquals(List.of("Heard 3 words.\n", "You said: one two three"), desk.answers(turn));
      assertEquals("cancelled", NodeClient.text(desk.turn(cancelled), "outcome"));
      Map<String, Integer> calls = proxy.lost();
      assertEquals(Set.of("whoami", "executor/work", "lease", "lease/renew", "next-work", "context", "output",
          "checkpoint-claims", "commits", "cancel-ack"), calls.keySet());
      assertFalse(calls.containsValue(1), calls::toString);
      // The worker's second start would be another generation: all of it was done under one lease for each turn.
      assertEquals("2", NodeClient.text(
          NodeClient.member(desk.user().get("/api/v1/sessions/" + desk.id()), "lease"), "generation"));
    }
  }

  @Test
  @DisplayName("an example lets a model of the node answer, and says what is wrong with its key")
  void modelAndKey() throws Exception {
    inEachLanguage(this::modelAndKey);
  }

  private void modelAndKey(Language language) throws Exception {
    var desk = newDesk();
    String input = desk.send("hello");
    try (ExampleProcess _ = executor(desk, language, "--model", "scripted")) {
      String turn = desk.turnOf(input);
      assertEquals("completed", NodeClient.text(desk.ended(turn), "outcome"));
      assertEquals(desk.answers(turn).getFirst(), desk.followed(turn).judge().text());
    }
    try (ExampleProcess wrong = ExampleProcess.start(language.command(), daemon.address(), desk.user().key())) {
      Predicate<String> told = line -> line.contains("role_not_allowed");
      wrong.awaitLine(told);
      assertEquals(1, wrong.awaitEnd());
    }
  }
}
