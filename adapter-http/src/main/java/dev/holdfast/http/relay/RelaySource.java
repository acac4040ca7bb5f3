package dev.holdfast.http.relay;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.StreamSource;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A provider's streamed answer, event by event, with a truthful end. */
final class RelaySource implements StreamSource {
  private static final Pattern FINISH = Pattern.compile("\"finish_reason\"\\s*:\\s*\"");
  private static final Pattern ERROR = Pattern.compile("^\\{\\s*\"error\"\\s*:\\s*[{\"]");

  private final Upstream.Answer answer;
  private final SseReader events;
  private final String model;
  private final List<String> ready = new ArrayList<>();
  private Duration silence = Duration.ZERO;
  private boolean finished;
  private boolean over;

  RelaySource(Upstream.Answer answer, String model) {
    this.answer = answer;
    this.events = new SseReader(answer);
    this.model = model;
  }

  /** A chat completion's events have no ids. */
  @Override
  public String start() {
    return "";
  }

  @Override
  public List<String> next() {
    List<String> frames = List.copyOf(ready);
    ready.clear();
    return frames;
  }

  @Override
  public boolean isOver() {
    return over && ready.isEmpty();
  }

  /** Takes the provider's next event, which is what this stream waits for. */
  @Override
  public void await(Duration atMost) throws InterruptedException {
    try {
      take(events.next(atMost));
    } catch (HttpTimeoutException e) {
      silence = silence.plus(atMost);
      if (silence.compareTo(answer.idle()) >= 0) {
        end();
      }
    } catch (IOException e) {
      end();
    }
  }

  private void take(@Nullable String data) {
    silence = Duration.ZERO;
    if (data == null) {
      end();
    } else if (data.equals(ChatFrames.DONE)) {
      finished = true;
      end();
    } else if (!data.startsWith("{")) {
      // Not an event of a chat completion, so nothing behind it can be trusted.
      finished = false;
      end();
    } else {
      ready.add(ChatFrames.of(ChatRelay.named(data, model)));
      finished |= FINISH.matcher(data).find();
      over = ERROR.matcher(data).find();
    }
  }

  private void end() {
    ready.add(finished ? ChatFrames.of(ChatFrames.DONE) : ChatFrames.error(Reason.UPSTREAM_CUT));
    over = true;
  }

  @Override
  public String error(String id, Reason reason) {
    return ChatFrames.error(reason);
  }

  @Override
  public String bye(String id) {
    return ChatFrames.error(Reason.NODE_DRAINING);
  }

  @Override
  public void close() {
    answer.close();
  }
}
