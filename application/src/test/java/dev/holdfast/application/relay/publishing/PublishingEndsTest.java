package dev.holdfast.application.relay.publishing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.AttemptPost.Attempt;
import dev.holdfast.domain.relay.publishing.PublishingEnd;
import dev.holdfast.domain.relay.publishing.PublishingState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a publisher's work ends before its time, and what it does for a model that sleeps (spec relay §10). */
@Timeout(60)
class PublishingEndsTest extends PublishingScene {
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
