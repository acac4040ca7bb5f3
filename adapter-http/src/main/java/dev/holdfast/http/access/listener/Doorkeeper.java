package dev.holdfast.http.access.listener;

import dev.holdfast.http.access.Remote;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Counts connections where they are accepted, before anything is made for them. */
@Sharable
final class Doorkeeper extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Boolean> TOO_MANY = AttributeKey.valueOf("holdfast.too-many-connections");
  private final Connections connections;
  private final Remote remote;

  Doorkeeper(Connections connections, Remote remote) {
    this.connections = connections;
    this.remote = remote;
  }

  /** Whether the connection was taken in only to be told that there are too many. */
  static boolean isTurnedAway(Channel connection) {
    return connection.hasAttr(TOO_MANY);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof Channel connection)) {
      ctx.fireChannelRead(message);
      return;
    }
    String caller = caller(connection);
    Connections.Verdict verdict = connections.arrived(caller);
    if (verdict == Connections.Verdict.CLOSED) {
      connection.unsafe().closeForcibly();
      return;
    }
    if (verdict == Connections.Verdict.TOLD) {
      connection.attr(TOO_MANY).set(true);
    }
    connection.closeFuture().addListener(_ -> connections.left(caller, verdict));
    ctx.fireChannelRead(message);
  }

  /** A proxy's connections carry the requests of many callers. */
  private @Nullable String caller(Channel connection) {
    InetAddress address =
        connection.remoteAddress() instanceof InetSocketAddress socket ? socket.getAddress() : null;
    return address == null || remote.isProxy(address) ? null : Remote.budget(address);
  }
}
