package dev.holdfast.http.relay.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection to a provider. It carries one call at a time; between two of them it is idle. */
final class Line extends ChannelInboundHandlerAdapter {
  /** A provider that closes the connection later than that may have worked on the request. */
  private static final long STALE_WITHIN_NANOS = 1_000_000_000L;

  private final Channel channel;
  private final Consumer<Line> idle;
  private final Consumer<Line> gone;

  // On the event loop alone.
  private @Nullable UpstreamBody body;
  private long sentAt;
  private boolean written;
  private boolean answered;
  private boolean keeps;
  private boolean interim;

  /**
   * @param idle told when a call has ended and the connection may carry another
   * @param gone told when the connection has ended
   */
  Line(Channel channel, Consumer<Line> idle, Consumer<Line> gone) {
    this.channel = channel;
    this.idle = idle;
    this.gone = gone;
  }

  Channel channel() {
    return channel;
  }

  void close() {
    var _ = channel.close();
  }

  /** The connection had ended before the request could have been answered, or had ended already. */
  static final class ConnectionClosed extends IOException {
    private static final long serialVersionUID = 1L;

    ConnectionClosed(@Nullable Throwable why) {
      super("the connection was closed", why);
    }
  }

  /**
   * Sends a request over the idle connection. It begins on the event loop, behind what that is reading: bytes that an answer left
   * behind belong to nobody, and end the connection.
   */
  UpstreamBody send(FullHttpRequest request) {
    var answer = new UpstreamBody(channel);
    channel.eventLoop().execute(() -> begin(answer, request));
    return answer;
  }

  private void begin(UpstreamBody answer, FullHttpRequest request) {
    if (!channel.isActive()) {
      request.release();
      answer.broke(new ConnectionClosed(null));
      return;
    }
    body = answer;
    sentAt = System.nanoTime();
    written = false;
    answered = false;
    channel.writeAndFlush(request).addListener(sent -> {
      written = sent.isSuccess();
      if (!written) {
        answer.broke(new ConnectionClosed(sent.cause()));
        close();
      }
    });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      UpstreamBody current = body;
      if (current == null || !(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
        // Nobody asked, or it isn't HTTP.
        broke(new IOException("not an answer"));
        return;
      }
      answered = true;
      if (part instanceof HttpResponse head) {
        begin(current, head);
      }
      if (part instanceof HttpContent content && !interim) {
        current.came(content.content());
      }
      if (part instanceof LastHttpContent) {
        end(current);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    UpstreamBody current = body;
    if (current != null) {
      current.cameTogether();
    }
  }

  private void begin(UpstreamBody current, HttpResponse head) {
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (!interim) {
      keeps = HttpUtil.isKeepAlive(head);
      String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
      current.begun(new UpstreamBody.Head(head.status().code(), type == null ? "" : type));
    }
  }

  /**
   * The connection is free before whoever waits is told, who may have the next call for it at once; and the answer has ended before,
   * so that whoever closes it doesn't close another's connection.
   */
  private void end(UpstreamBody current) {
    if (interim) {
      interim = false;
      return;
    }
    body = null;
    current.ended();
    if (keeps && written && channel.isActive()) {
      channel.config().setAutoRead(true);
      idle.accept(this);
    } else {
      var _ = channel.close();
    }
    current.cameTogether();
  }

  private void broke(Throwable why) {
    UpstreamBody current = body;
    body = null;
    var _ = channel.close();
    if (current != null) {
      current.broke(why);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone.accept(this);
    boolean stale = !answered && System.nanoTime() - sentAt < STALE_WITHIN_NANOS;
    broke(stale ? new ConnectionClosed(null) : new IOException("the connection was closed"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    broke(cause);
  }
}
