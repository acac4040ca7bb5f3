package dev.holdfast.application.relay.publishing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.AttemptPost.Attempt;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.publishing.PublishingEnd;
import dev.holdfast.domain.relay.publishing.PublishingState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a publisher does, spec relay §10: its link, and the answers that it passes on. */
@Timeout(60)
class PublishingTest extends PublishingScene {
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
}
