package dev.holdfast.http.access.listener;

import dev.holdfast.http.access.Remote;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import jakarta.inject.Singleton;

/** Puts the guards of the listener and of its connections into the server's pipelines. */
@Singleton
final class Guard implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  private final ListenerLimits limits;
  private final Doorkeeper doorkeeper;

  Guard(ListenerLimits limits, Remote remote) {
    this.limits = limits;
    this.doorkeeper =
        new Doorkeeper(new Connections(limits.connections(), limits.connectionsPerAddress()), remote);
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Listening());
    return event.getBean();
  }

  /** Of the server as a whole. */
  private final class Listening implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      if (role == ChannelRole.LISTENER) {
        channel.pipeline().addLast(doorkeeper);
        return this;
      }
      return new Connected(channel);
    }
  }

  /** Of one connection. */
  private final class Connected implements NettyServerCustomizer {
    private final Channel channel;

    Connected(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void onStreamPipelineBuilt() {
      ChannelPipeline pipeline = channel.pipeline();
      String codecName = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
      var codec = new StrictCodec();
      pipeline.replace(codecName, codecName, codec);
      pipeline.addAfter(codecName, "holdfast-sender-watch",
          new SenderWatch(codec, limits, Doorkeeper.isTurnedAway(channel)));
    }
  }
}
