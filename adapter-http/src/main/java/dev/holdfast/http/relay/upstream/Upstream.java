package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.PublicProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Value;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The node's calls to providers' addresses. Redirects are not followed: a key is for the address it was set with. */
@Singleton
@Bean(preDestroy = "close")
public final class Upstream {
  /** The event loop of whoever the answer is for, where there is one: it then needn't change threads on its way. */
  public static final ScopedValue<EventLoop> NEAR = ScopedValue.newInstance();

  /** More than there are providers, most often. */
  private static final int MAX_TARGETS = 1_000;

  private final Map<String, Target> targets = new ConcurrentHashMap<>();
  private final Lines lines;
  private final Duration idle;

  /** @param idle how long a provider may be silent, before its answer and within it */
  public Upstream(
      @Value("${holdfast.model.connect-timeout:10s}") Duration connect,
      @Value("${holdfast.model.idle-timeout:5m}") Duration idle) {
    this.lines = new Lines(connect);
    this.idle = idle;
  }

  /**
   * An answer whose body is yet to be read. Closing it before its end closes the connection.
   *
   * @param idle how long to wait for each piece of the body
   */
  record Answer(int status, String contentType, UpstreamBody body, Duration idle) implements AutoCloseable {
    boolean isOk() {
      return status >= 200 && status < 300;
    }

    byte[] all(int maxBytes) throws IOException, InterruptedException {
      return body.all(idle, maxBytes);
    }

    @Override
    public void close() {
      body.close();
    }
  }

  /**
   * @param path behind the provider's base address
   * @throws IOException when there is no answer
   */
  Answer post(PublicProvider provider, String path, Json body)
      throws IOException, InterruptedException, Credentials.Unreadable {
    ByteBuf bytes = Unpooled.wrappedBuffer(body.text().getBytes(StandardCharsets.UTF_8));
    return send(provider, HttpMethod.POST, path, bytes);
  }

  Answer get(PublicProvider provider, String path) throws IOException, InterruptedException, Credentials.Unreadable {
    return send(provider, HttpMethod.GET, path, Unpooled.EMPTY_BUFFER);
  }

  private Answer send(PublicProvider provider, HttpMethod method, String path, ByteBuf body)
      throws IOException, InterruptedException, Credentials.Unreadable {
    Target target = target(provider.url() + path);
    FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, target.path(), body);
    request.headers().set(HttpHeaderNames.HOST, target.authority())
        .set(HttpHeaderNames.USER_AGENT, "holdfast").set(HttpHeaderNames.ACCEPT, "*/*");
    if (method.equals(HttpMethod.POST)) {
      request.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json")
          .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    }
    String key = Credentials.read(provider);
    if (key != null) {
      request.headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + key);
    }
    Lines.Sent sent = lines.send(target, request, NEAR.isBound() ? NEAR.get() : null, idle);
    return new Answer(sent.head().status(), sent.head().contentType(), sent.body(), idle);
  }

  private Target target(String address) {
    if (targets.size() > MAX_TARGETS) {
      targets.clear();
    }
    return targets.computeIfAbsent(address, text -> Target.of(URI.create(text)));
  }

  public void close() {
    lines.close();
  }
}
