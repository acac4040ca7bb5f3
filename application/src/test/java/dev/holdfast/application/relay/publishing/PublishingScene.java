package dev.holdfast.application.relay.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
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
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A publisher in memory, between a node and a backend that the test plays. */
abstract class PublishingScene {
  static final Timing FAST = new Timing(Duration.ofMillis(2), Duration.ofMillis(8), Duration.ofMillis(5),
      Duration.ofMillis(20), Duration.ofMillis(1));
  static final String FINISH = "{\"choices\":[{\"finish_reason\":\"stop\"}]}";

  final NodeInMemory node = new NodeInMemory();
  final BackendInMemory backend = new BackendInMemory();
  final BlockingQueue<PublishingState> states = new LinkedBlockingQueue<>();
  final CompletableFuture<PublishingEnd> ending = new CompletableFuture<>();
  @Nullable
  Publishing publishing;

  static Serving serving(String name, @Nullable Waking recipe, Status initial) {
    var offer = new Offer(name, null, Offer.OPENAI, "backend-" + name, Offer.USUAL_TIER, null, Offer.Visibility.SHARED,
        4, recipe == null ? null : Duration.ofSeconds(5), null);
    return new Serving(offer, PublicProvider.of(Provider.idOf(name), "ann", offer, "http://localhost:1/v1", null,
        Instant.EPOCH), recipe, initial);
  }

  Publishing start(Registration.@Nullable Presented known, Serving... servings) {
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

  Publishing linked(Serving... servings) throws InterruptedException {
    Publishing started = start(NodeInMemory.NEW, servings);
    assertEquals("register pub-new", node.called());
    assertEquals("open pub-new", node.called());
    return started;
  }

  Publishing linked() throws InterruptedException {
    return linked(serving("one", null, Status.ACTIVE));
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (publishing != null) {
      publishing.stop(Duration.ZERO);
    }
  }

  static LinkFrame infer(String task, boolean streaming) {
    return new LinkFrame.Infer(task, 1, "one", "backend-one", InferenceRequest.CHAT, Json.object("model", "one"),
        streaming, null);
  }

  void assertPosted(AttemptPost.Content content) throws InterruptedException {
    assertPosted("t", content);
  }

  void assertPosted(String task, AttemptPost.Content content) throws InterruptedException {
    assertEquals(new AttemptPost(new Attempt(task, 1), content), node.posted());
  }

  static AttemptPost.Chunks chunks(String... data) {
    return new AttemptPost.Chunks(IntStream.range(0, data.length)
        .mapToObj(i -> new Chunk(i + 1, data[i], data[i].equals("[DONE]"))).toList());
  }
}
