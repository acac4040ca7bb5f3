package dev.holdfast.http.relay;

import dev.holdfast.application.access.InFlight;
import dev.holdfast.domain.Reason;
import dev.holdfast.http.StreamSource;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A completion that was asked for. It has a seat among its key's until its answer has ended, however that is (spec A-86). */
public record Inference(Call call, FaceRequest asked, InFlight.Seat seat) {

  public HttpRequest<?> request() {
    return call.request();
  }

  /** The same source; when it is closed the seat is given back. */
  public Supplier<StreamSource> seated(Supplier<? extends StreamSource> source) {
    return () -> {
      boolean opened = false;
      try {
        var seated = new Seated(source.get(), seat);
        opened = true;
        return seated;
      } finally {
        if (!opened) {
          seat.close();
        }
      }
    };
  }

  private record Seated(StreamSource source, InFlight.Seat seat) implements StreamSource {
    @Override
    public String start() {
      return source.start();
    }

    @Override
    public List<String> next() {
      return source.next();
    }

    @Override
    public boolean isOver() {
      return source.isOver();
    }

    @Override
    public void await(Duration atMost) throws InterruptedException {
      source.await(atMost);
    }

    @Override
    public void await(Duration atMost, Predicate<String> reader) throws InterruptedException {
      source.await(atMost, reader);
    }

    @Override
    public String error(String id, Reason reason) {
      return source.error(id, reason);
    }

    @Override
    public String bye(String id) {
      return source.bye(id);
    }

    @Override
    public void close() {
      try (seat) {
        source.close();
      }
    }
  }
}
