package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Link;
import dev.holdfast.application.relay.Publishers;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.http.StreamSource;
import dev.holdfast.http.Wire;
import java.time.Duration;
import java.util.List;

/** A publisher's link as an event stream. Its frames have no ids: what is lost with the link isn't sent again. */
final class LinkSource implements StreamSource {
  private final Link link;
  private final Publishers publishers;
  private boolean over;

  LinkSource(Link link, Publishers publishers) {
    this.link = link;
    this.publishers = publishers;
  }

  @Override
  public String start() {
    return "";
  }

  @Override
  public List<String> next() {
    return link.next().stream().map(this::frame).toList();
  }

  private String frame(LinkFrame frame) {
    return switch (frame) {
      case LinkFrame.Hello hello -> text("hello", Json.object("publisher_id", hello.publisher(), "link_id",
          hello.link(), "heartbeat_s", hello.heartbeat().toSeconds(), "providers", hello.providers()));
      case LinkFrame.Infer infer -> text("task", Json.object("kind", "infer", "task_id", infer.task(), "epoch",
          infer.epoch(), "provider", infer.provider(), "backend_model", infer.backendModel(), "path", infer.path(),
          "request", infer.request(), "streaming", infer.streaming(), "deadline_at",
          infer.deadline() == null ? null : Wire.at(infer.deadline())));
      case LinkFrame.Wake wake -> text("task", Json.object("kind", "wake", "task_id", wake.task(), "epoch",
          wake.epoch(), "provider", wake.provider(), "max_wait_s", wake.within().toSeconds()));
      case LinkFrame.Cancel cancel ->
        text("task", Json.object("kind", "cancel", "task_id", cancel.task(), "epoch", cancel.epoch()));
      case LinkFrame.Bye(LinkFrame.Why why) -> {
        over = true;
        yield text("bye", Json.object("why", why.text()));
      }
    };
  }

  private static String text(String event, Json data) {
    return "event: " + event + "\ndata: " + data.text() + "\n\n";
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    link.await(atMost);
  }

  @Override
  public String error(String id, Reason reason) {
    LinkFrame.Why why = reason == Reason.SLOW_READER ? LinkFrame.Why.SLOW_READER : LinkFrame.Why.KEY_REVOKED;
    return text("bye", Json.object("why", why.text()));
  }

  @Override
  public String bye(String id) {
    return text("bye", Json.object("why", LinkFrame.Why.DRAINING.text()));
  }

  @Override
  public void close() {
    publishers.unbind(link);
  }
}
