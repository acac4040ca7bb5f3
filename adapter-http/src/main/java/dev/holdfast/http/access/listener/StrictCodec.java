package dev.holdfast.http.access.listener;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.RefusalException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Netty's codec, and stricter about where a request ends: what could be read in two ways becomes a request that carries its
 * refusal, and nothing behind it is read (spec A-30).
 */
final class StrictCodec extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {
  private static final int MAX_LINE = 8_192;

  /** How far the connection's incoming side is. */
  enum Progress {
    /** No byte of a request has come. */
    IDLE,
    HEAD,
    BODY,
    /** What comes is no longer read as requests. */
    REFUSED
  }

  /** Of the requests that have no answer yet, in order: whether it must have no body. */
  private final Queue<Boolean> bodiless = new ArrayDeque<>();
  private RequestHead head = new RequestHead();
  private Progress progress = Progress.IDLE;

  StrictCodec() {
    init(new Decoder(), new Encoder());
  }

  Progress progress() {
    return progress;
  }

  private final class Decoder extends HttpRequestDecoder {
    Decoder() {
      super(new HttpDecoderConfig().setMaxInitialLineLength(MAX_LINE).setMaxHeaderSize(RequestHead.MAX_BYTES));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
      Reason refusal = switch (progress) {
        case IDLE, HEAD -> head.look(in);
        case BODY, REFUSED -> null;
      };
      if (refusal != null) {
        out.add(refused(refusal));
      }
      if (progress == Progress.REFUSED) {
        in.skipBytes(in.readableBytes());
        return;
      }
      if (progress == Progress.IDLE) {
        progress = Progress.HEAD;
      }
      int size = out.size();
      super.decode(ctx, in, out);
      for (Object decoded : out.subList(size, out.size())) {
        follow(decoded);
      }
    }

    /** A request that was refused has no end. */
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
      if (progress != Progress.REFUSED) {
        super.decodeLast(ctx, in, out);
      }
    }

    private HttpRequest refused(Reason reason) {
      var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, head.target());
      request.setDecoderResult(DecoderResult.failure(new RefusalException(reason)));
      bodiless.add(false);
      progress = Progress.REFUSED;
      return request;
    }

    private void follow(Object decoded) {
      if (decoded instanceof HttpRequest request) {
        bodiless.add(request.method().equals(HttpMethod.HEAD));
        if (request.decoderResult().isSuccess() && !isReadable(request)) {
          request.setDecoderResult(DecoderResult.failure(new RefusalException(Reason.MALFORMED_REQUEST)));
        }
        progress = request.decoderResult().isSuccess() ? Progress.BODY : Progress.REFUSED;
      }
      if (decoded instanceof LastHttpContent last && progress != Progress.REFUSED) {
        progress = last.decoderResult().isSuccess() ? Progress.IDLE : Progress.REFUSED;
        head = new RequestHead();
      }
    }

    /** Another coding ends a request elsewhere, or nowhere. */
    private static boolean isReadable(HttpRequest request) {
      List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
      return codings.isEmpty()
          || (codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst()));
    }
  }

  private final class Encoder extends HttpResponseEncoder {
    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
      boolean interim = response.status().code() < 200;
      @Nullable Boolean ofHead = interim ? null : bodiless.poll();
      return (ofHead != null && ofHead) || super.isContentAlwaysEmpty(response);
    }
  }
}
