package dev.holdfast.domain.relay.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost.Attempt;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node promises to a publisher, whichever way it is reached. */
@Timeout(60)
public abstract class PublishingNodeContract {
  private static final String FIRST = "{\"choices\":[{\"delta\":{\"content\":\"h\\u00e9llo\"}}]}";
  private static final String LAST = "[DONE]";

  /** A node that serves, the same one in each call of a test. */
  protected abstract PublishingNode node();

  /** A node at whose address nobody listens. */
  protected abstract PublishingNode nowhere();

  /** Has somebody call a model of that node; the call goes on by itself. */
  protected abstract Caller ask(String model, boolean streaming);

  /** Somebody who called a model. */
  protected abstract static class Caller {
    /** The data of the next event of a streamed answer. */
    protected abstract String event() throws InterruptedException;

    /** The status and the body of a whole answer. */
    protected abstract ProviderAnswer.Whole whole() throws InterruptedException;

    protected abstract void leave();
  }

  protected static Registration.Entry entry(String name) {
    return new Registration.Entry(Offer.of(name, "backend-" + name, Offer.Visibility.SHARED), Status.ACTIVE);
  }

  private Registration.Presented registered(String... names) throws InterruptedException {
    return node().register(null, "a machine", List.of(names).stream().map(PublishingNodeContract::entry).toList())
        .orThrow().as();
  }

  private static LinkFrame next(NodeLink link) throws InterruptedException {
    return link.next().orElseThrow();
  }

  private NodeLink linked(Registration.Presented as) throws InterruptedException {
    NodeLink link = node().open(as).orThrow();
    assertInstanceOf(LinkFrame.Hello.class, next(link));
    return link;
  }

  private static LinkFrame.Infer infer(NodeLink link) throws InterruptedException {
    return assertInstanceOf(LinkFrame.Infer.class, next(link));
  }

  private static Attempt attempt(LinkFrame.Infer infer) {
    return new Attempt(infer.task(), infer.epoch());
  }

  private Outcome<Boolean> post(Registration.Presented as, LinkFrame.Infer infer, AttemptPost.Content content)
      throws InterruptedException {
    return node().post(as, new AttemptPost(attempt(infer), content));
  }

  @Test
  @DisplayName("a publisher is told who it is, and is the same when it registers with that again")
  void registers() throws InterruptedException {
    PublishingNode.Registered first = node().register(null, "a machine", List.of(entry("one"), entry("two"))).orThrow();
    assertEquals(List.of("one", "two"), first.providers());
    assertEquals(new Outcome.Done<>(new PublishingNode.Registered(first.as(), List.of("one"))),
        node().register(first.as(), null, List.of(entry("one"))));
  }

  @Test
  @DisplayName("a publisher with a wrong secret is refused at each call, and a wrong entry is named")
  void unknown() throws InterruptedException {
    var wrong = new Registration.Presented(registered("one").publisher(), "0".repeat(64));
    assertEquals(Reason.INVALID_PUBLISHER, reason(node().register(wrong, null, List.of(entry("one")))));
    assertEquals(Reason.INVALID_PUBLISHER, reason(node().heartbeat(wrong, Map.of())));
    assertEquals(Reason.INVALID_PUBLISHER, reason(node().open(wrong)));
    var named = assertInstanceOf(Outcome.Refused.class, node().register(null, null, List.of(entry("-"))));
    assertEquals(Reason.INVALID_NAME, named.reason());
    assertTrue(named.facts().containsKey("index"), named.toString());
  }

  @Test
  @DisplayName("the link begins with hello, and the newest one wins")
  void links() throws InterruptedException {
    Registration.Presented as = registered("one");
    try (NodeLink link = node().open(as).orThrow()) {
      var hello = assertInstanceOf(LinkFrame.Hello.class, next(link));
      assertEquals(as.publisher(), hello.publisher());
      assertEquals(List.of("one"), hello.providers());
      assertTrue(hello.heartbeat().isPositive());
      assertEquals(new Outcome.Done<>(true), node().heartbeat(as, Map.of("one", Status.ACTIVE)));
      try (NodeLink _ = linked(as)) {
        assertEquals(new LinkFrame.Bye(LinkFrame.Why.REPLACED), next(link));
        assertEquals(Optional.empty(), link.next());
      }
    }
  }

  @Test
  @DisplayName("a whole answer goes back with its status; what comes behind it finds no task")
  void whole() throws InterruptedException {
    Registration.Presented as = registered("one");
    try (NodeLink link = linked(as)) {
      Caller caller = ask("one", false);
      LinkFrame.Infer infer = infer(link);
      assertEquals("one", infer.provider());
      assertEquals("backend-one", infer.backendModel());
      assertEquals("/chat/completions", infer.path());
      assertFalse(infer.streaming());
      assertEquals(new Outcome.Done<>(true), post(as, infer, new AttemptPost.Received()));
      var answer = new ProviderAnswer.Whole(200, "application/json", "{\"choices\":[],\"model\":\"x\"}");
      assertEquals(new Outcome.Done<>(true), post(as, infer, new AttemptPost.Result(answer)));
      assertEquals(200, caller.whole().status());
      assertEquals(Reason.TASK_NOT_FOUND, reason(post(as, infer, new AttemptPost.Result(answer))));
    }
  }

  @Test
  @DisplayName("a failure in transport is the caller's failure where nobody else serves the model")
  void failure() throws InterruptedException {
    Registration.Presented as = registered("one");
    try (NodeLink link = linked(as)) {
      Caller caller = ask("one", false);
      assertEquals(new Outcome.Done<>(true),
          post(as, infer(link), new AttemptPost.Failure(AttemptPost.TRANSPORT, "refused")));
      assertTrue(caller.whole().status() >= 500);
    }
  }

  @Test
  @DisplayName("R-A24 posted chunks come in order, each once: a known one is ignored, a gap tells what is missing")
  void chunks() throws InterruptedException {
    Registration.Presented as = registered("one");
    try (NodeLink link = linked(as)) {
      Caller caller = ask("one", true);
      LinkFrame.Infer infer = infer(link);
      assertTrue(infer.streaming());
      var first = new Chunk(1, FIRST, false);
      assertEquals(new Outcome.Done<>(true), post(as, infer, new AttemptPost.Chunks(List.of(first))));
      assertEquals(new Outcome.Done<>(true), post(as, infer, new AttemptPost.Chunks(List.of(first))));
      assertEquals(Outcome.refused(Reason.CHUNK_GAP, "expected_seq", 2L),
          post(as, infer, new AttemptPost.Chunks(List.of(new Chunk(3, LAST, true)))));
      assertEquals(new Outcome.Done<>(true),
          post(as, infer, new AttemptPost.Chunks(List.of(new Chunk(2, LAST, true)))));
      assertEquals(List.of(FIRST, LAST), List.of(caller.event(), caller.event()));
    }
  }

  @Test
  @DisplayName("chunks of one call reach the caller while it goes on; its end tells that all were taken")
  void upload() throws InterruptedException {
    Registration.Presented as = registered("one");
    try (NodeLink link = linked(as)) {
      Caller caller = ask("one", true);
      try (ChunkUpload upload = node().upload(as, attempt(infer(link)))) {
        assertTrue(upload.send(new Chunk(1, FIRST, false)));
        assertEquals(FIRST, caller.event(), "before the call ends");
        assertTrue(upload.stay());
        assertTrue(upload.send(new Chunk(2, FIRST, false)));
        assertTrue(upload.sent() > 2L * FIRST.length());
        assertEquals(FIRST, caller.event());
        assertTrue(upload.send(new Chunk(3, LAST, true)));
        assertEquals(new Outcome.Done<>(true), upload.end());
        assertEquals(LAST, caller.event());
      }
    }
  }

  @Test
  @DisplayName("R-A24 a gap in one call's chunks ends the call with what is missing, and the posts go on from there")
  void gapInUpload() throws InterruptedException {
    Registration.Presented as = registered("one");
    try (NodeLink link = linked(as)) {
      Caller caller = ask("one", true);
      LinkFrame.Infer infer = infer(link);
      try (ChunkUpload upload = node().upload(as, attempt(infer))) {
        upload.send(new Chunk(1, FIRST, false));
        upload.send(new Chunk(1, FIRST, false));
        upload.send(new Chunk(3, LAST, true));
        assertEquals(Outcome.refused(Reason.CHUNK_GAP, "expected_seq", 2L), upload.end());
      }
      post(as, infer, new AttemptPost.Chunks(List.of(new Chunk(2, FIRST, false), new Chunk(3, LAST, true))));
      assertEquals(List.of(FIRST, FIRST, LAST), List.of(caller.event(), caller.event(), caller.event()));
    }
  }

  @Test
  @DisplayName("R-A20 what another publisher or another epoch posts, by whatever route, finds no task")
  void others() throws InterruptedException {
    Registration.Presented as = registered("one");
    Registration.Presented other = registered("two");
    try (NodeLink link = linked(as)) {
      Caller caller = ask("one", true);
      LinkFrame.Infer infer = infer(link);
      var stale = new Attempt(infer.task(), infer.epoch() + 1);
      var chunk = new Chunk(1, LAST, true);
      List<Outcome<Boolean>> refused = new ArrayList<>();
      for (AttemptPost.Content content : List.of(new AttemptPost.Received(), new AttemptPost.Cancelled(),
          new AttemptPost.Chunks(List.of(chunk)), new AttemptPost.Failure("transport", "x"),
          new AttemptPost.Result(new ProviderAnswer.Whole(200, "application/json", "{}")))) {
        refused.add(post(other, infer, content));
        refused.add(node().post(as, new AttemptPost(stale, content)));
      }
      for (var pair : List.of(Map.entry(other, attempt(infer)), Map.entry(as, stale),
          Map.entry(as, new Attempt("task-" + "0".repeat(32), 1)))) {
        try (ChunkUpload upload = node().upload(pair.getKey(), pair.getValue())) {
          upload.send(chunk);
          refused.add(upload.end());
        }
      }
      refused.forEach(one -> assertEquals(Outcome.refused(Reason.TASK_NOT_FOUND), one));
      post(as, infer, new AttemptPost.Chunks(List.of(chunk)));
      assertEquals(LAST, caller.event());
    }
  }

  @Test
  @DisplayName("R-A25 a caller who leaves becomes a cancel frame of that task and epoch")
  void cancel() throws InterruptedException {
    Registration.Presented as = registered("one");
    try (NodeLink link = linked(as)) {
      Caller caller = ask("one", true);
      LinkFrame.Infer infer = infer(link);
      post(as, infer, new AttemptPost.Chunks(List.of(new Chunk(1, FIRST, false))));
      caller.event();
      caller.leave();
      assertEquals(new LinkFrame.Cancel(infer.task(), infer.epoch()), next(link));
    }
  }

  @Test
  @DisplayName("a link that is closed by its publisher is gone")
  void closes() throws InterruptedException {
    NodeLink link = linked(registered("one"));
    link.close();
    assertEquals(Optional.empty(), link.next());
  }

  @Test
  @DisplayName("where no node answers, every call says so")
  void unreachable() throws InterruptedException {
    var as = new Registration.Presented("pub-" + "0".repeat(32), "0".repeat(64));
    var attempt = new Attempt("task-" + "0".repeat(32), 1);
    assertEquals(Reason.NODE_UNREACHABLE, reason(nowhere().register(null, null, List.of(entry("one")))));
    assertEquals(Reason.NODE_UNREACHABLE, reason(nowhere().heartbeat(as, Map.of())));
    assertEquals(Reason.NODE_UNREACHABLE, reason(nowhere().open(as)));
    assertEquals(Reason.NODE_UNREACHABLE,
        reason(nowhere().post(as, new AttemptPost(attempt, new AttemptPost.Received()))));
    try (ChunkUpload upload = nowhere().upload(as, attempt)) {
      assertFalse(upload.send(new Chunk(1, LAST, true)));
      assertEquals(Reason.NODE_UNREACHABLE, reason(upload.end()));
    }
  }

  private static Reason reason(Outcome<?> outcome) {
    return assertInstanceOf(Outcome.Refused.class, outcome).reason();
  }
}
