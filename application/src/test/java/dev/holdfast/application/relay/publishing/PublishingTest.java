package dev.holdfast.application.relay.publishing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.AttemptPost.Attempt;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.publishing.PublishingEnd;
import dev.holdfast.domain.relay.publishing.PublishingState;
import dev.holdfast.domain.relay.publishing.Waking;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a publisher does, spec relay §10. */
@Timeout(60)
class PublishingTest {
  private static final Timing FAST = new Timing(Duration.ofMillis(2), Duration.ofMillis(8), Duration.ofMillis(5),
      Duration.ofMillis(20), Duration.ofMillis(1));
  private static final String FINISH = "{\"choices\":[{\"finish_reason\":\"stop\"}]}";

  private final NodeInMemory node = new NodeInMemory();
  private final BackendInMemory backend = new BackendInMemory();
  private final BlockingQueue<PublishingState> states = new LinkedBlockingQueue<>();
  private final CompletableFuture<PublishingEnd> ending = new CompletableFuture<>();
  private @Nullable Publishing publishing;

  private static Serving serving(String name, @Nullable Waking recipe, Status initial) {
    var offer = new Offer(name, null, Offer.OPENAI, "backend-" + name, Offer.USUAL_TIER, null, Offer.Visibility.SHARED,
        4, recipe == null ? null : Duration.ofSeconds(5), null);
    return new Serving(offer, PublicProvider.of(Provider.idOf(name), "ann", offer, "http://localhost:1/v1", null,
        Instant.EPOCH), recipe, initial);
  }

  private Publishing start(Registration.@Nullable Presented known, Serving... servings) {
    var plan = new Publishing.Plan("machine", List.of(servings), Optional.ofNullable(known),
        as -> node.calls.add("keep " + as.publisher()));
    var started = new Publishing(node, backend, plan, FAST, () -> 0.5, states::add);
    publishing = started;
    Thread.ofVirtual().start(() -> {
      try {
        ending.complete(started.run());
      } catch (InterruptedException | RuntimeException e) {
        ending.completeExceptionally(e);
      }
    });
    return started;
  }

  private Publishing linked(Serving... servings) throws InterruptedException {
    Publishing started = start(NodeInMemory.NEW, servings);
    assertEquals("register pub-new", node.called());
    assertEquals("open pub-new", node.called());
    return started;
  }

  private Publishing linked() throws InterruptedException {
    return linked(serving("one", null, Status.ACTIVE));
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (publishing != null) {
      publishing.stop(Duration.ZERO);
    }
  }

  private static LinkFrame infer(String task, boolean streaming) {
    return new LinkFrame.Infer(task, 1, "one", "backend-one", InferenceRequest.CHAT, Json.object("model", "one"),
        streaming, null);
  }

  private void assertPosted(AttemptPost.Content content) throws InterruptedException {
    assertPosted("t", content);
  }

  private void assertPosted(String task, AttemptPost.Content content) throws InterruptedException {
    assertEquals(new AttemptPost(new Attempt(task, 1), content), node.posted());
  }

  private static AttemptPost.Chunks chunks(String... data) {
    return new AttemptPost.Chunks(IntStream.range(0, data.length)
        .mapToObj(i -> new Chunk(i + 1, data[i], data[i].equals("[DONE]"))).toList());
  }

  @Test
  @DisplayName("R-82 a new identity is kept before the link opens; heartbeats follow by themselves")
  void keepsIdentity() throws InterruptedException {
    start(null, serving("one", null, Status.ACTIVE));
    assertEquals("register new", node.called());
    assertEquals("keep pub-new", node.called());
    assertEquals("open pub-new", node.called());
    assertEquals(Map.of("one", Status.ACTIVE), node.heartbeats.take());
    assertEquals(Map.of("one", Status.ACTIVE), node.heartbeats.take());
  }

  @Test
  @DisplayName("R-83 a node that doesn't know the publisher any more gets a new one, whose identity is kept")
  void registersAnew() throws InterruptedException {
    node.refuseRegistration(Outcome.refused(Reason.INVALID_PUBLISHER));
    start(new Registration.Presented("pub-old", "old"), serving("one", null, Status.ACTIVE));
    assertEquals("register pub-old", node.called());
    assertEquals("register new", node.called());
    assertEquals("keep pub-new", node.called());
    assertEquals("open pub-new", node.called());
  }

  @Test
  @DisplayName("R-83 a heartbeat that is told so registers anew as well")
  void heartbeatUnknown() throws InterruptedException {
    linked();
    node.refuseRegistration(Outcome.refused(Reason.INVALID_PUBLISHER));
    node.answerHeartbeats(Outcome.refused(Reason.INVALID_PUBLISHER));
    assertEquals("register pub-new", node.called());
    assertEquals("register new", node.called());
  }

  @Test
  @DisplayName("R-83 a lost link is opened again with the stored id, after pauses that double up to a bound")
  void reconnects() throws InterruptedException {
    linked();
    for (int i = 0; i < 4; i++) {
      node.refuseRegistration(Outcome.refused(Reason.NODE_UNREACHABLE));
    }
    node.link().close();
    for (int i = 0; i < 5; i++) {
      assertEquals("register pub-new", node.called());
    }
    assertEquals("open pub-new", node.called());
    List<Long> pauses = states.stream().map(PublishingState::link)
        .filter(PublishingState.Waiting.class::isInstance)
        .map(link -> ((PublishingState.Waiting) link).pause().toMillis()).distinct().toList();
    assertEquals(List.of(2L, 4L, 8L), pauses);
  }

  @Test
  @DisplayName("what the node refuses for good ends the publisher at once; a taken name is waited for")
  void refused() throws Exception {
    node.refuseRegistration(Outcome.refused(Reason.NAME_ACTIVE_ELSEWHERE));
    node.refuseRegistration(Outcome.refused(Reason.NAME_TAKEN_BY_PUBLIC, "name", "one"));
    start(null, serving("one", null, Status.ACTIVE));
    var refused = assertInstanceOf(PublishingEnd.Refused.class, ending.get());
    assertEquals(Reason.NAME_TAKEN_BY_PUBLIC, refused.why().reason());
  }

  @Test
  @DisplayName("a link that another process has taken over isn't fought for")
  void replaced() throws Exception {
    linked();
    node.say(new LinkFrame.Bye(LinkFrame.Why.REPLACED));
    assertInstanceOf(PublishingEnd.Replaced.class, ending.get());
  }

  @Test
  @DisplayName("R-84 a whole answer is one result, whatever its status; the task is confirmed and counted")
  void whole() throws InterruptedException {
    Publishing started = linked();
    var answer = new ProviderAnswer.Whole(400, "application/json", "{\"error\":{}}");
    backend.answer(answer);
    node.say(infer("t", false));
    assertPosted(new AttemptPost.Result(answer));
    await().until(() -> started.state().providers().getFirst().done() == 1);
    assertEquals(0, started.state().providers().getFirst().inFlight());
    assertEquals(Json.object("model", "one"), backend.asked.take().body());
  }

  @Test
  @DisplayName("R-84 a stream's events go out in one call, dense from 1, and end with exactly one done")
  void stream() throws InterruptedException {
    linked();
    backend.stream().say("a", "b", FINISH, "[DONE]").end(AnswerStream.ENDED);
    node.say(infer("t", true));
    assertPosted(chunks("a", "b", FINISH, "[DONE]"));
    assertEquals(0, backend.aborted.get());
  }

  @Test
  @DisplayName("R-84 where the node has no such call, chunks go out in posts, in this and in later tasks")
  void posts() throws InterruptedException {
    node.refuseUploads(Outcome.refused(Reason.ROUTE_NOT_FOUND));
    linked();
    backend.stream().say("a", "[DONE]");
    node.say(infer("t", true));
    assertPosted(chunks("a"));
    assertPosted(new AttemptPost.Chunks(List.of(new Chunk(2, "[DONE]", true))));
    assertEquals("upload", node.called());
    BackendInMemory.Pieces later = backend.stream().say("a");
    node.say(new LinkFrame.Infer("u", 2, "one", "b", "/completions", Json.EMPTY_OBJECT, true, null));
    assertEquals(new AttemptPost(new Attempt("u", 2), chunks("a")), node.posted());
    later.say("b");
    assertEquals(new AttemptPost(new Attempt("u", 2), new AttemptPost.Chunks(List.of(new Chunk(2, "b", false)))),
        node.posted(), "gathered for a moment, then sent without waiting for more");
    later.say("[DONE]");
    assertEquals(new AttemptPost(new Attempt("u", 2), new AttemptPost.Chunks(List.of(new Chunk(3, "[DONE]", true)))),
        node.posted());
    assertNull(node.calls.poll());
  }

  @Test
  @DisplayName("R-84 a call of chunks that breaks is made good by posts of what it held, from where the node says")
  void resends() throws InterruptedException {
    node.refuseUploads(Outcome.refused(Reason.CHUNK_GAP, "expected_seq", 1L));
    node.answer(AttemptPost.Chunks.class, new Outcome.Done<>(true));
    node.answer(AttemptPost.Chunks.class, Outcome.refused(Reason.CHUNK_GAP, "expected_seq", 2L));
    linked();
    BackendInMemory.Pieces pieces = backend.stream().say("a");
    node.say(infer("t", true));
    assertPosted(chunks("a"));
    pieces.say("[DONE]");
    AttemptPost.Chunks last = new AttemptPost.Chunks(List.of(new Chunk(2, "[DONE]", true)));
    assertPosted(last);
    assertPosted(last);
  }

  @Test
  @DisplayName("R-84 a gap that can't be filled any more is an error, and the backend's call is ended")
  void gapForGood() throws InterruptedException {
    node.refuseUploads(Outcome.refused(Reason.ROUTE_NOT_FOUND));
    node.answer(AttemptPost.Chunks.class, new Outcome.Done<>(true));
    node.answer(AttemptPost.Chunks.class, Outcome.refused(Reason.CHUNK_GAP, "expected_seq", 1L));
    linked();
    BackendInMemory.Pieces pieces = backend.stream().say("a");
    node.say(infer("t", true));
    assertPosted(chunks("a"));
    pieces.say("b");
    assertPosted(new AttemptPost.Chunks(List.of(new Chunk(2, "b", false))));
    assertInstanceOf(AttemptPost.Failure.class, node.posted().content());
    await().until(() -> backend.aborted.get() == 1);
  }

  @Test
  @DisplayName("R-84 a 404 ends the backend's call, and nothing more is posted of the task")
  void dropped() throws InterruptedException {
    node.refuseUploads(NodeInMemory.gone());
    Publishing started = linked();
    backend.stream().say("a", "b");
    node.say(infer("t", true));
    await().until(() -> backend.aborted.get() == 1);
    await().until(() -> started.state().providers().getFirst().inFlight() == 0);
    assertTrue(node.posts.stream().allMatch(post -> post.content() instanceof AttemptPost.Received));
    assertEquals(0, started.state().providers().getFirst().done());
  }

  @Test
  @DisplayName("R-84 a task that the node doesn't know any more when it is confirmed is ended, too")
  void unknownTask() throws InterruptedException {
    node.answer(AttemptPost.Received.class, NodeInMemory.gone());
    linked();
    node.say(infer("t", false));
    await().until(() -> backend.aborted.get() == 1);
  }

  @Test
  @DisplayName("R-A25 R-84 a cancel frame ends that backend call and no other; it is confirmed")
  void cancel() throws InterruptedException {
    linked();
    BackendInMemory.Pieces first = backend.stream().say("a");
    node.say(infer("t", true));
    backend.asked.take();
    BackendInMemory.Pieces second = backend.stream().say("a");
    node.say(infer("u", true));
    backend.asked.take();
    node.say(new LinkFrame.Cancel("t", 7));
    assertEquals(new AttemptPost(new Attempt("t", 7), new AttemptPost.Cancelled()), node.posted(),
        "another attempt's: nothing ends");
    node.say(new LinkFrame.Cancel("t", 1));
    assertPosted(new AttemptPost.Cancelled());
    await().until(() -> backend.aborted.get() == 1);
    first.say("late");
    second.say("[DONE]");
    assertEquals(new AttemptPost(new Attempt("u", 1), chunks("a", "[DONE]")), node.posted());
    assertEquals(1, backend.aborted.get());
  }

  @Test
  @DisplayName("R-84 a backend that can't be reached is an error of transport, and one with a recipe sleeps from then on")
  void backendGone() throws InterruptedException {
    linked(serving("one", _ -> true, Status.ACTIVE));
    backend.answer(new ProviderAnswer.Failed(true, Reason.PROVIDER_FAILED, "it refused the connection"));
    node.say(infer("t", false));
    assertPosted(new AttemptPost.Failure("transport", "it refused the connection"));
    await().until(() -> node.heartbeats.take().equals(Map.of("one", Status.HIBERNATING)));
  }

  @Test
  @DisplayName("a path that isn't one of a model is refused, whatever the node says, and the backend isn't called")
  void paths() throws InterruptedException {
    linked();
    for (String path : List.of("/x", "", "@example.org/chat/completions", "/chat/completions?x", "/../admin")) {
      node.say(new LinkFrame.Infer("t" + path, 1, "one", "b", path, Json.EMPTY_OBJECT, false, null));
      var failure = assertInstanceOf(AttemptPost.Failure.class, node.posted().content());
      assertEquals("unknown_path", failure.reason());
    }
    assertTrue(backend.asked.isEmpty());
  }

  @Test
  @DisplayName("a call that breaks the publisher is told at once, and later ones are answered")
  void breaks() throws InterruptedException {
    linked();
    backend.breakNext();
    node.say(infer("t", false));
    assertPosted(new AttemptPost.Failure("publisher_broke", "the publisher broke"));
    var answer = new ProviderAnswer.Whole(200, "application/json", "{}");
    backend.answer(answer);
    node.say(new LinkFrame.Infer("u", 1, "one", "b", InferenceRequest.CHAT, Json.EMPTY_OBJECT, false, null));
    assertEquals(new AttemptPost(new Attempt("u", 1), new AttemptPost.Result(answer)), node.posted());
  }

  @Test
  @DisplayName("an answer that the node wouldn't take isn't sent")
  void tooLarge() throws InterruptedException {
    linked();
    backend.answer(new ProviderAnswer.Whole(200, "application/json", "x".repeat((9 << 20) + 1)));
    node.say(infer("t", false));
    assertEquals("answer_too_large", assertInstanceOf(AttemptPost.Failure.class, node.posted().content()).reason());
  }

  @Test
  @DisplayName("R-46 an answer without its end is an error behind its chunks; one whose finish was told gets its end")
  void ends() throws InterruptedException {
    linked();
    backend.stream().say("a").end(AnswerStream.ENDED);
    node.say(infer("t", true));
    assertPosted(chunks("a"));
    assertEquals("upstream_cut", assertInstanceOf(AttemptPost.Failure.class, node.posted().content()).reason());
    backend.stream().end(new AnswerStream.Piece.Broken(Reason.UPSTREAM_CUT, "broke"));
    node.say(infer("t2", true));
    assertPosted("t2", new AttemptPost.Failure("transport", "broke"));
    backend.stream().say(FINISH).end(AnswerStream.ENDED);
    node.say(infer("t3", true));
    assertPosted("t3", chunks(FINISH, "[DONE]"));
  }

  @Test
  @DisplayName("a post that finds no node is made again; after a few times the task is given up")
  void unreachable() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      node.answer(AttemptPost.Result.class, Outcome.refused(Reason.NODE_UNREACHABLE));
    }
    Publishing started = linked();
    backend.answer(new ProviderAnswer.Whole(200, "application/json", "{}"));
    node.say(infer("t", false));
    await().until(() -> started.state().providers().getFirst().done() == 1);
    assertEquals(3, node.posts.stream().filter(post -> post.content() instanceof AttemptPost.Result).count());
  }

  @Test
  @DisplayName("R-62 a wake runs the recipe here and is confirmed with its own task; one that fails is an error")
  void wakes() throws InterruptedException {
    var within = new LinkedBlockingQueue<Duration>();
    var works = new LinkedBlockingQueue<Boolean>(List.of(true, false));
    linked(serving("one", atMost -> {
      within.add(atMost);
      return works.take();
    }, Status.HIBERNATING));
    assertEquals(Status.HIBERNATING, node.registrations.take().getFirst().initial());
    node.say(new LinkFrame.Wake("t", 1, "one", Duration.ofSeconds(3)));
    AttemptPost woken = node.posted();
    assertEquals(new Attempt("t", 1), woken.of());
    assertInstanceOf(AttemptPost.Woken.class, woken.content());
    assertEquals(Duration.ofSeconds(3), within.take());
    await().until(() -> node.heartbeats.take().equals(Map.of("one", Status.ACTIVE)));
    node.say(new LinkFrame.Wake("t", 1, "one", Duration.ofSeconds(3)));
    assertInstanceOf(AttemptPost.Failure.class, node.posted().content());
  }

  @Test
  @DisplayName("R-86 an interrupt lets what is under way end, refuses what comes, and closes the link")
  void drains() throws Exception {
    Publishing started = linked();
    BackendInMemory.Pieces pieces = backend.stream().say("a");
    node.say(infer("t", true));
    backend.asked.take();
    var stopped = new CompletableFuture<Boolean>();
    Thread.ofVirtual().start(() -> {
      try {
        started.stop(Duration.ofSeconds(30));
        stopped.complete(true);
      } catch (InterruptedException e) {
        stopped.completeExceptionally(e);
      }
    });
    await().until(() -> node.heartbeats.take().equals(Map.of("one", Status.HIBERNATING)));
    // The one behind may have been on its way already.
    node.heartbeats.take();
    for (int i = 0; i < 3; i++) {
      assertEquals(Map.of("one", Status.HIBERNATING), node.heartbeats.take());
    }
    node.say(infer("u", false));
    assertEquals(
        new AttemptPost(new Attempt("u", 1), new AttemptPost.Failure("transport", "the publisher is stopping")),
        node.posted());
    pieces.say("[DONE]");
    assertPosted(chunks("a", "[DONE]"));
    assertTrue(stopped.get());
    assertInstanceOf(PublishingEnd.Stopped.class, ending.get());
    assertInstanceOf(PublishingState.Closed.class, started.state().link());
  }

  @Test
  @DisplayName("R-86 a link that is lost in the end isn't opened again; what is under way has its time")
  void drainsWithoutLink() throws Exception {
    Publishing started = linked();
    BackendInMemory.Pieces pieces = backend.stream().say("a");
    node.say(infer("t", true));
    backend.asked.take();
    Thread.ofVirtual().start(() -> {
      try {
        started.stop(Duration.ofSeconds(30));
      } catch (InterruptedException e) {
        ending.completeExceptionally(e);
      }
    });
    await().until(() -> node.heartbeats.take().equals(Map.of("one", Status.HIBERNATING)));
    node.link().close();
    pieces.say("[DONE]");
    assertPosted(chunks("a", "[DONE]"));
    assertInstanceOf(PublishingEnd.Stopped.class, ending.get());
    assertTrue(node.calls.stream().noneMatch(call -> call.startsWith("register")), node.calls::toString);
  }
}
