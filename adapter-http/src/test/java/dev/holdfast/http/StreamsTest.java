package dev.holdfast.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.relay.FakeProvider;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.http.netty.body.NettyByteBodyFactory;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsTest {

  @Test
  @DisplayName("A-11 At shutdown every stream of events says bye behind its last id, before the connection closes")
  void bye() throws InterruptedException {
    try (var node = NodeUnderTest.started()) {
      List<Follower> readers = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Follower reader = node.follow("/api/v1/events/stream");
        readers.add(reader);
        ids.add(reader.until(frame -> frame.event().equals("model.public_created")).getLast().id());
      }
      node.stop();
      for (Follower reader : readers) {
        assertEquals("retry: 1000", reader.line());
        Follower.Frame bye = Objects.requireNonNull(reader.next());
        assertEquals("bye", bye.event());
        assertEquals("node_draining", bye.text("reason"));
        assertEquals(ids.removeFirst(), bye.id());
        assertNull(reader.next());
        reader.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mute", "scripted"})
  @DisplayName("R-46 At shutdown a streamed chat completion that waits for its model ends with an error, and not with [DONE]")
  void chat(String model) throws InterruptedException {
    try (var node = NodeUnderTest.started(); var fake = new FakeProvider()) {
      node.bean(Models.class).add(NodeUnderTest.called(), FakeProvider.wanted("mute", fake.url("mute")), null);
      String body = Json.object("model", model, "stream", true, "messages", List.of(Json.object("role", "user",
          "content", "hi")), "scripted", model.equals("scripted") ? Json.object("delay_ms", 20_000) : null).text();
      CompletableFuture<NodeUnderTest.Answer> answer =
          CompletableFuture.supplyAsync(() -> node.post("/v1/chat/completions", body));
      await().until(() -> node.bean(Streams.class).open() == 1);
      node.stop();
      String text = answer.join().body();
      assertFalse(text.contains("[DONE]"), text);
      Object error = Json.parse(text.substring(text.lastIndexOf("data: ") + 6).strip()).members().get("error");
      assertEquals("node_draining", error instanceof Map<?, ?> members ? members.get("code") : null, text);
    }
  }

  @Test
  @DisplayName("A-84 A burst opens no more streams than there may be, and the others are told so")
  void burst() {
    try (var node = NodeUnderTest.started(Map.of("holdfast.stream.max", "5"))) {
      List<Follower> readers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> node.follow(
          "/api/v1/events/stream"))).limit(30).toList().stream().map(CompletableFuture::join).toList();
      assertEquals(5, readers.stream().filter(reader -> reader.status() == 200).count());
      assertEquals(25, readers.stream().filter(reader -> reader.status() == 503).count());
      NodeUnderTest.Answer refused = node.get("/api/v1/events/stream");
      assertEquals("too_many_streams", refused.text("reason"));
      assertEquals("node", refused.text("scope"));
      assertEquals("5", refused.header("Retry-After"));
      readers.forEach(Follower::close);
      await().until(() -> node.bean(Streams.class).open() == 0);
      try (Follower again = node.follow("/api/v1/events/stream")) {
        assertEquals(200, again.status());
      }
    }
  }

  @Test
  @DisplayName("A-84 A key opens no more streams than it may have, another key's are its own")
  void perKey() {
    try (var node = NodeUnderTest.started(Map.of("holdfast.stream.max-per-key", "3"))) {
      String other = node.key(Role.OPERATOR, "default", true);
      List<Follower> readers = Stream.generate(() -> node.follow("/api/v1/events/stream")).limit(3).toList();
      NodeUnderTest.Answer refused = node.get("/api/v1/events/stream");
      assertEquals(429, refused.status());
      assertEquals("too_many_streams", refused.text("reason"));
      assertEquals("key", refused.text("scope"));
      assertEquals("5", refused.header("Retry-After"));
      NodeUnderTest.Answer chat = node.post("/v1/chat/completions", Json.object("model", "scripted", "stream", true,
          "messages", List.of(Json.object("role", "user", "content", "hi"))).text());
      assertEquals(429, chat.status());
      assertTrue(chat.body().contains("rate_limit_error"), chat.body());
      try (Follower another = new Follower(0, node.port(), "/api/v1/events/stream", other)) {
        assertEquals(200, another.status());
      }
      readers.getFirst().close();
      await().until(() -> {
        try (Follower again = node.follow("/api/v1/events/stream")) {
          return again.status() == 200;
        }
      });
      readers.forEach(Follower::close);
    }
  }

  /** Tells who closes it. */
  private record Source(CompletableFuture<Thread> closer) implements StreamSource {
    @Override
    public String start() {
      return "";
    }

    @Override
    public List<String> next() {
      return List.of();
    }

    @Override
    public boolean isOver() {
      return true;
    }

    @Override
    public void await(Duration atMost) {
      // It is over.
    }

    @Override
    public void close() {
      closer.complete(Thread.currentThread());
    }
  }

  @Test
  @DisplayName("A stream whose reader leaves before it begins is closed on a thread that may wait, and gives its place back")
  void abandoned() {
    try (var node = NodeUnderTest.started()) {
      var channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
      var request = new NettyHttpRequest<Object>(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"),
          NettyByteBodyFactory.empty(), channel.pipeline().firstContext(), ConversionService.SHARED,
          new HttpServerConfiguration());
      var closer = new CompletableFuture<Thread>();
      Streams streams = node.bean(Streams.class);
      streams.answer(request, "some-key", () -> new Source(closer));
      assertEquals(1, streams.open());
      channel.close().syncUninterruptibly();
      assertTrue(closer.join().isVirtual());
      await().until(() -> streams.open() == 0);
    }
  }

  @Test
  @DisplayName("A stream whose source breaks in a way that nobody expected ends")
  void broken() {
    try (var node = NodeUnderTest.started(); Follower reader = node.follow("/api/v1/events/stream")) {
      reader.until(frame -> frame.event().equals("model.public_created"));
      SwitchableStore store = node.bean(SwitchableStore.class);
      store.breakReads(new StackOverflowError());
      node.bean(NewsRoom.class).raiseAll();
      await().until(() -> node.bean(Streams.class).open() == 0);
      store.breakReads(null);
      assertTrue(endsAtOnce(reader));
    }
  }

  /** A connection that closes in the middle of a body is an end as well. */
  private static boolean endsAtOnce(Follower reader) {
    try {
      return reader.next() == null;
    } catch (RuntimeException e) {
      return !(e.getCause() instanceof SocketTimeoutException);
    }
  }
}
