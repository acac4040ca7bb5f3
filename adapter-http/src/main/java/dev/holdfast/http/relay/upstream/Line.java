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
  private final Channel channel;
  private final Consumer<Line> idle;
  private final Consumer<Line> gone;
  private volatile @Nullable UpstreamBody body;

  // On the event loop alone.
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

  /** Sends a request over the idle connection. */
  UpstreamBody send(FullHttpRequest request) {
    var answer = new UpstreamBody(channel);
    body = answer;
    channel.writeAndFlush(request).addListener(sent -> {
      if (!sent.isSuccess()) {
        answer.broke(sent.cause());
      }
    });
    return answer;
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

  /** It is free before whoever waits is told, who may have the next call for it at once. */
  private void end(UpstreamBody current) {
    if (interim) {
      interim = false;
      return;
    }
    body = null;
    if (keeps && channel.isActive()) {
      channel.config().setAutoRead(true);
      idle.accept(this);
    } else {
      var _ = channel.close();
    }
    current.ended();
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
    broke(new IOException("the connection was closed"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    broke(cause);
  }
}
