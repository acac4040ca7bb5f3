package dev.holdfast.http.access.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.RefusalException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a channel whose time stands still until it is moved. */
class SenderWatchTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
  private static final ListenerLimits LIMITS =
      new ListenerLimits(Duration.ofSeconds(10), Duration.ofSeconds(10), 1_024, 10, 10);

  private final Server server = new Server();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void open() {
    channel.freezeTime();
    channel.config().setAutoRead(false);
    var codec = new StrictCodec();
    channel.pipeline().addLast(codec, new SenderWatch(codec, LIMITS, false), server);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** What stands behind the watch: it asks for bytes whenever it is willing to, and keeps what comes. */
  private static final class Server extends ChannelInboundHandlerAdapter {
    private final List<HttpRequest> requests = new ArrayList<>();
    private int ended;
    private boolean willing = true;
    private @Nullable Throwable failure;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        requests.add(request);
      }
      ended += message instanceof LastHttpContent ? 1 : 0;
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (willing) {
        ctx.read();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failure = cause;
    }
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
  }

  private void send(int bytes) {
    channel.writeInbound(Unpooled.buffer(bytes).writeZero(bytes));
  }

  private void pass(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  private void answer(int status) {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status)));
  }

  private String answered() {
    var text = new StringBuilder();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      text.append(out.toString(StandardCharsets.ISO_8859_1));
      out.release();
    }
    return text.toString();
  }

  private void requireTimeout() {
    assertEquals(Reason.REQUEST_TIMEOUT,
        assertInstanceOf(RefusalException.class, server.failure).refusal().reason());
  }

  @Test
  @DisplayName("A-81 A connection on which no head comes is closed, in time from its accept on")
  void silent() {
    pass(9_999);
    assertTrue(channel.isOpen());
    pass(1);
    assertFalse(channel.isOpen());
    assertEquals("", answered());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: a\r\nX-A: aaaaaaaaaaaaaaaaaa", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"})
  @DisplayName("A-81 A head that comes byte by byte has no more time than another")
  void drippedHead(String head) {
    for (int i = 0; i < 9; i++) {
      send(head.substring(i, i + 1));
      pass(1_000);
    }
    assertTrue(channel.isOpen());
    pass(1_000);
    assertFalse(channel.isOpen());
  }

  @Test
  @DisplayName("A-81 A further request has its time from its first byte on, and a quiet connection all there is")
  void keptAlive() {
    pass(8_000);
    send(GET);
    answer(200);
    pass(3_600_000);
    assertTrue(channel.isOpen());
    send("G");
    pass(9_999);
    assertTrue(channel.isOpen());
    send("ET / HTTP/1.1\r\nHost: a\r\n\r\n");
    pass(3_600_000);
    assertEquals(2, server.requests.size());
    send("G");
    pass(10_000);
    assertFalse(channel.isOpen());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1\r\nx\r\n"})
  @DisplayName("A-81 A quiet connection stays also when the last request had a body in chunks")
  void keptAliveAfterChunks(String chunk) {
    send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
    pass(1_000);
    send("0\r\n\r\n");
    answer(200);
    pass(3_600_000);
    assertTrue(channel.isOpen());
  }

  @Test
  @DisplayName("A-81 The head behind a body has its time from its first byte on")
  void headBehindBody() {
    send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx");
    pass(9_000);
    send("xGET");
    pass(9_999);
    assertTrue(channel.isOpen());
    pass(1);
    assertFalse(channel.isOpen());
  }

  @Test
  @DisplayName("A-82 A body that doesn't come is given up, its reader is told, and the connection ends with the answer")
  void stalledBody() {
    send(POST);
    pass(9_999);
    assertNull(server.failure);
    pass(1);
    requireTimeout();
    answer(408);
    String told = answered();
    assertTrue(told.startsWith("HTTP/1.1 408") && told.contains("connection: close"), told);
    assertFalse(channel.isOpen());
  }

  @Test
  @DisplayName("A-82 A body below 1 KiB/s is given up, one above isn't, however long it takes")
  void rate() {
    send(POST);
    for (int i = 0; i < 60; i++) {
      pass(1_000);
      send(1_024);
    }
    assertNull(server.failure);
    int seconds = 0;
    while (server.failure == null) {
      send(512);
      pass(1_000);
      seconds++;
    }
    requireTimeout();
    // The first half KiB adds nothing to what is full, each of the others half a second.
    assertEquals(19, seconds);
  }

  @Test
  @DisplayName("A-82 Nobody pays in advance for a pause: after a burst the time is the same")
  void burst() {
    send(POST);
    send(90_000);
    pass(10_000);
    requireTimeout();
  }

  @Test
  @DisplayName("A-82 Time in which the node doesn't read is not the sender's")
  void nodeBusy() {
    server.willing = false;
    send(POST);
    pass(3_600_000);
    assertNull(server.failure);
    channel.pipeline().context(server).read();
    pass(9_999);
    assertNull(server.failure);
    pass(1);
    requireTimeout();
  }

  @Test
  @DisplayName("A-82 A sender that was told to wait for 100 Continue has its time from then on")
  void heldBack() {
    send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
    pass(3_600_000);
    assertNull(server.failure);
    answer(100);
    pass(9_999);
    assertNull(server.failure);
    pass(1);
    requireTimeout();
  }

  @Test
  @DisplayName("A-82 What comes too slowly after its answer only closes the connection")
  void answeredAlready() {
    send(POST);
    answer(403);
    answered();
    pass(10_000);
    assertNull(server.failure);
    assertFalse(channel.isOpen());
    assertEquals("", answered());
  }

  @Test
  @DisplayName("A-82 An answer that nobody gives is not waited for longer than the body was")
  void unheard() {
    send(POST);
    pass(10_000);
    requireTimeout();
    pass(10_000);
    assertFalse(channel.isOpen());
  }

  @Test
  @DisplayName("A-81 While an answer is streamed the connection may be quiet")
  void stream() {
    send(GET);
    channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    pass(3_600_000);
    assertTrue(channel.isOpen());
  }

  @Test
  @DisplayName("A-30 A body whose chunks break is given up as malformed, and what is behind it isn't read")
  void brokenChunk() {
    send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n" + GET);
    assertEquals(Reason.MALFORMED_REQUEST,
        assertInstanceOf(RefusalException.class, server.failure).refusal().reason());
    assertEquals(0, server.ended);
    assertEquals(1, server.requests.size());
    answer(400);
    assertFalse(channel.isOpen());
  }

  @Test
  @DisplayName("A-82 Answers to earlier requests go out before the connection ends")
  void pipelined() {
    send(GET + POST);
    pass(10_000);
    requireTimeout();
    answer(200);
    assertTrue(channel.isOpen());
    assertFalse(answered().contains(HttpHeaderNames.CONNECTION));
    answer(408);
    assertFalse(channel.isOpen());
  }
}
