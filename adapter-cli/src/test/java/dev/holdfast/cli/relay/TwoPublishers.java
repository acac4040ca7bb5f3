package dev.holdfast.cli.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.Finished;
import dev.holdfast.domain.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two machines that serve one pool, each with a publisher, a model server and a network of its own, and what becomes of callers when
 * one of them, or the node, goes at any stage of an answer. All are real processes; answers wait at their stage until a test lets them
 * go on. With {@code -Dholdfast.publishers.all=true}, as in the nightly profile, it takes some minutes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
abstract class TwoPublishers {
  static final String ALL = "holdfast.publishers.all";

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path temp;
  private final DaemonProcess node;
  private final Laptop a;
  private final Laptop b;

  TwoPublishers(Path temp, String store) throws IOException {
    this.temp = temp;
    a = new Laptop("a", temp);
    b = new Laptop("b", temp);
    node = Laptop.node(temp, List.of(a, b), "--store", store);
  }

  private void run(String... words) {
    Finished finished = node.cli(words);
    assertEquals(0, finished.exitCode(), finished.err());
  }

  @BeforeAll
  void link() {
    a.awaitLinks(1);
    b.awaitLinks(1);
  }

  @AfterAll
  void stop() throws IOException {
    http.shutdownNow();
    a.close();
    b.close();
    node.close();
  }

  /** New calls go to that one. */
  private void only(Laptop chosen) {
    run("provider", "enable", chosen.name());
    run("provider", "disable", (chosen == a ? b : a).name());
  }

  private void both() {
    run("provider", "enable", a.name());
    run("provider", "enable", b.name());
  }

  private StreamedCall heldBehind(int words) {
    return new StreamedCall(http, node, Laptop.POOL, "hold:" + words);
  }

  /** The node has given so many calls to its publisher that have no end yet. */
  private void awaitGiven(Laptop laptop, long count) {
    await().atMost(Duration.ofSeconds(60)).until(() -> Long.valueOf(count).equals(
        Json.parse(node.cli("publisher", "show", laptop.publisher().id(), "-o", "json").out()).members()
            .get("in_flight")));
  }

  /** Three answers of a, each at another stage, and one of b in the middle. */
  private record Stages(StreamedCall first, StreamedCall middle, StreamedCall last, StreamedCall other) {}

  private Stages begun() {
    only(b);
    StreamedCall other = heldBehind(3);
    other.awaitWords("b", 3);
    only(a);
    var stages = new Stages(heldBehind(0), heldBehind(3), heldBehind(Laptop.WORDS), other);
    stages.middle.awaitWords("a", 3);
    stages.last.awaitWords("a", Laptop.WORDS);
    a.awaitHeld(3);
    both();
    return stages;
  }

  private void assertFailedOverOrCut(Stages stages) throws Exception {
    stages.middle.assertCut("a", 3);
    stages.last.assertCut("a", Laptop.WORDS);
    b.awaitHeld(2);
    b.upstream().release();
    stages.first.assertWhole("b", Laptop.WORDS, 2);
    stages.other.assertWhole("b", Laptop.WORDS, 1);
  }

  private void assertServes(Laptop laptop) {
    only(laptop);
    new StreamedCall(http, node, Laptop.POOL, "go on").assertWhole(laptop.name(), Laptop.WORDS, 1);
    both();
  }

  @Test
  @DisplayName("R-A26 kill -9 of a publisher: before the first chunk the other one answers; in mid-stream, and behind the last chunk "
      + "before the end, a typed end, never [DONE]; the other's answers go on; it comes back as who it was")
  void killed() throws Exception {
    Stages stages = begun();
    String id = a.publisher().id();
    a.publisher().kill();
    assertFailedOverOrCut(stages);
    a.upstream().release();
    a.publish();
    a.awaitLinks(1);
    assertEquals(id, a.publisher().id());
    assertServes(a);
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = "it runs in the nightly profile")
  @DisplayName("R-A26 a publisher whose connections end: the same; what it still says finds no task, and it links again as who it was")
  void cutOff() throws Exception {
    Stages stages = begun();
    String id = a.publisher().id();
    int links = a.publisher().links();
    long done = a.publisher().count("done");
    a.network().cut();
    assertFailedOverOrCut(stages);
    a.upstream().release();
    a.awaitIdle();
    assertEquals(done, a.publisher().count("done"), "nobody took its answers: " + a.publisher().told());
    a.awaitLinks(links + 1);
    assertEquals(id, a.publisher().id());
    assertServes(a);
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = "it runs in the nightly profile")
  @DisplayName("R-A26 R-A30 a publisher that is stopped, and goes on later: what it had begun waits and comes whole; what it hadn't "
      + "taken is answered by the other within seconds, and its own late answer of that isn't mixed in")
  void frozen() throws Exception {
    Stages stages = begun();
    long done = a.publisher().count("done");
    a.publisher().signal("STOP");
    only(a);
    StreamedCall unheard = heldBehind(0);
    awaitGiven(a, 4);
    both();
    b.awaitHeld(2);
    b.upstream().release();
    unheard.assertWhole("b", Laptop.WORDS, 2);
    stages.other.assertWhole("b", Laptop.WORDS, 1);
    assertFalse(stages.first.isOver() || stages.middle.isOver() || stages.last.isOver());
    a.publisher().signal("CONT");
    a.upstream().release();
    stages.first.assertWhole("a", Laptop.WORDS, 1);
    stages.middle.assertWhole("a", Laptop.WORDS, 1);
    stages.last.assertWhole("a", Laptop.WORDS, 1);
    a.upstream().release();
    a.awaitIdle();
    assertEquals(done + 3, a.publisher().count("done"), "its answer of the fourth was not taken");
    assertServes(a);
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true",
      disabledReason = "a lost network is noticed within a minute; it runs in the nightly profile")
  @DisplayName("R-A26 a network that loses everything and tells nobody: the publisher links anew, and what it had begun comes whole, "
      + "each word once")
  void silent() throws Exception {
    Stages stages = begun();
    String id = a.publisher().id();
    int links = a.publisher().links();
    a.network().lose();
    only(a);
    StreamedCall unheard = heldBehind(0);
    awaitGiven(a, 4);
    both();
    b.awaitHeld(2);
    b.upstream().release();
    unheard.assertWhole("b", Laptop.WORDS, 2);
    stages.other.assertWhole("b", Laptop.WORDS, 1);
    a.upstream().release();
    a.awaitLinks(links + 1);
    assertEquals(id, a.publisher().id());
    stages.first.assertWhole("a", Laptop.WORDS, 1);
    stages.middle.assertWhole("a", Laptop.WORDS, 1);
    stages.last.assertWhole("a", Laptop.WORDS, 1);
    a.awaitIdle();
    assertServes(a);
  }

  @Test
  @DisplayName("R-A29 R-83 kill -9 of the node with running async and turn tasks: they are put back and end with the next epoch, no result "
      + "and no use is there twice; a caller's stream breaks without [DONE]; both publishers come back as who they were, and serve")
  void nodeKilled() throws Exception {
    List<String> ids = List.of(a.publisher().id(), b.publisher().id());
    List<Integer> links = List.of(a.publisher().links(), b.publisher().links());
    var work = new KeptWork(http, node, List.of(a, b), temp);
    only(b);
    StreamedCall direct = heldBehind(3);
    direct.awaitWords("b", 3);
    both();
    node.kill();
    direct.assertBroken("b", 3);
    node.restart();
    a.awaitLinks(links.getFirst() + 1);
    b.awaitLinks(links.getLast() + 1);
    assertEquals(ids, List.of(a.publisher().id(), b.publisher().id()));
    work.awaitEnds(List.of(a, b));
    work.assertEndedOnce();
    a.awaitIdle();
    b.awaitIdle();
    assertServes(a);
    assertServes(b);
  }
}
