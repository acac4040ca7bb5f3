package dev.holdfast.http.access.listener;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.RefusalException;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts connections whose requests come too slowly: an unfinished head closes them, an unfinished body is refused first if
 * nothing was answered yet (spec ). Time counts only while the node waits for bytes; a connection on which no
 * request is being sent may be quiet for as long as it likes. Belongs behind the codec of one connection.
 */
// Nobody waits for what is scheduled here, nor for a connection to be closed.
@SuppressWarnings("FutureReturnValueIgnored")
final class SenderWatch extends ChannelDuplexHandler {
  private static final String LINES = "application/x-ndjson";

  private final StrictCodec codec;
  private final ListenerLimits limits;
  private final boolean tooMany;

  /** Of what is being sent; null while nothing is. */
  private @Nullable Pace pace;
  /** When the node began to wait for bytes, if it does. */
  private long waitingSince;
  private boolean waiting;
  /** The sender of a body waits for the node's word to begin. */
  private boolean heldBack;
  private boolean timed;

  // Of the read that is going on.
  private boolean requestBegan;
  private boolean requestEnded;
  /** Its body comes into being while it is sent. */
  private boolean lines;
  private long bodyBytes;

  /** Requests whose answer hasn't begun. */
  private int unanswered;
  /** The connection ends with the next answer, or at once. */
  private boolean closing;

  /** @param tooMany whether every request is refused because the node has too many connections */
  SenderWatch(StrictCodec codec, ListenerLimits limits, boolean tooMany) {
    this.codec = codec;
    this.limits = limits;
    this.tooMany = tooMany;
  }

  /** The first request's time runs from the accept on. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    pace = limits.headPace();
    await(ctx);
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    await(ctx);
    ctx.read();
  }

  private void await(ChannelHandlerContext ctx) {
    if (!waiting) {
      waiting = true;
      waitingSince = now(ctx);
    }
    if (pace != null && !timed) {
      arm(ctx, pace.left());
    }
  }

  private void arm(ChannelHandlerContext ctx, long nanos) {
    timed = true;
    ctx.executor().schedule(() -> judge(ctx), Math.max(1, nanos), TimeUnit.NANOSECONDS);
  }

  /** One timer serves all requests of a connection: one that comes too early looks again later. */
  private void judge(ChannelHandlerContext ctx) {
    timed = false;
    if (pace == null || !waiting || ctx.isRemoved()) {
      return;
    }
    countWait(ctx);
    if (pace.left() > 0) {
      arm(ctx, pace.left());
    } else if (codec.progress() == StrictCodec.Progress.BODY) {
      breakOff(ctx, Reason.REQUEST_TIMEOUT);
    } else {
      ctx.close();
    }
  }

  private void countWait(ChannelHandlerContext ctx) {
    long now = now(ctx);
    if (waiting && pace != null && !heldBack) {
      pace.waited(now - waitingSince);
    }
    waitingSince = now;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closing) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      began(request);
    }
    if (message instanceof HttpContent content) {
      heldBack &= !content.content().isReadable();
      bodyBytes += content.content().readableBytes();
      requestEnded |= message instanceof LastHttpContent;
      if (content.decoderResult().isFailure()) {
        ReferenceCountUtil.release(message);
        breakOff(ctx, Reason.MALFORMED_REQUEST);
        return;
      }
    }
    ctx.fireChannelRead(message);
  }

  private void began(HttpRequest request) {
    unanswered++;
    requestBegan = true;
    bodyBytes = 0;
    lines = LINES.equals(request.headers().get(HttpHeaderNames.CONTENT_TYPE));
    heldBack = HttpUtil.is100ContinueExpected(request);
    if (tooMany && request.decoderResult().isSuccess()) {
      request.setDecoderResult(DecoderResult.failure(new RefusalException(Reason.TOO_MANY_CONNECTIONS)));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    countWait(ctx);
    waiting = false;
    pace = next(pace);
    requestBegan = false;
    requestEnded = false;
    bodyBytes = 0;
    ctx.fireChannelReadComplete();
  }

  private @Nullable Pace next(@Nullable Pace current) {
    return switch (codec.progress()) {
      // Before the first request the accept's deadline stays.
      case IDLE -> requestEnded ? null : current;
      case HEAD -> requestEnded || current == null ? limits.headPace() : current;
      case BODY -> {
        if (requestBegan || current == null) {
          yield lines ? limits.linesPace() : limits.bodyPace();
        }
        current.received(bodyBytes);
        yield current;
      }
      case REFUSED -> null;
    };
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ChannelPromise written = promise;
    boolean interim = false;
    if (message instanceof HttpResponse response) {
      interim = response.status().code() < 200;
      countWait(ctx);
      heldBack = false;
      if (lines && !interim && pace != null) {
        // Who is answered has no more to say that is wanted.
        lines = false;
        pace = limits.bodyPace();
      }
      unanswered -= interim ? 0 : 1;
      if (endsConnection() && !interim) {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
    }
    if (message instanceof LastHttpContent && endsConnection() && !interim) {
      written = promise.unvoid().addListener(ChannelFutureListener.CLOSE);
    }
    ctx.write(message, written);
  }

  private boolean endsConnection() {
    return closing && unanswered == 0;
  }

  /**
   * What is left of the body can't be had, so neither can a further request. Who waits for the body is told why, and answers
   * so; who doesn't is given as long as the sender was.
   */
  private void breakOff(ChannelHandlerContext ctx, Reason reason) {
    closing = true;
    pace = null;
    if (unanswered == 0) {
      ctx.close();
      return;
    }
    ctx.fireExceptionCaught(new RefusalException(reason, new ClosedChannelException()));
    ctx.executor().schedule(() -> ctx.close(), limits.patience().toNanos(), TimeUnit.NANOSECONDS);
  }

  private static long now(ChannelHandlerContext ctx) {
    return ctx.executor().ticker().nanoTime();
  }
}
