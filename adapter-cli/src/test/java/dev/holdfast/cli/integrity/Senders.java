package dev.holdfast.cli.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.domain.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients of one node that send inputs to workers of their own, all at once and each as fast as it is answered, until they are
 * refused; and remember what was acknowledged.
 */
final class Senders implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final String CONTENT = "x".repeat(16 << 10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final List<Sender> senders = new ArrayList<>();
  private final DaemonProcess daemon;

  /**
   * What came in place of an acknowledgement.
   *
   * @param status 0 when nobody answered
   */
  record Answer(int status, @Nullable String reason) {}

  /** @param known the ids of inputs that have to be there, in their order */
  private record Sender(String worker, List<String> known) {}

  Senders(DaemonProcess daemon) {
    this.daemon = daemon;
  }

  /** Begins with workers that are new. */
  List<Future<Answer>> begin() throws Exception {
    List<Future<Answer>> ends = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      var sender = new Sender(made(), new ArrayList<>());
      senders.add(sender);
      ends.add(threads.submit(() -> untilRefused(sender)));
    }
    return ends;
  }

  private String made() throws Exception {
    Json worker = Json.parse(post("/api/v1/workers", "{\"execution\":\"external\"}").body());
    return (String) Objects.requireNonNull(worker.members().get("worker_id"), worker::text);
  }

  private Answer untilRefused(Sender sender) throws InterruptedException {
    while (true) {
      try {
        HttpResponse<String> response =
            post("/api/v1/workers/" + sender.worker() + "/inputs",
                "{\"kind\":\"user\",\"content\":\"" + CONTENT + "\"}");
        Json answer = Json.parse(response.body());
        if (response.statusCode() != 200) {
          return new Answer(response.statusCode(), (String) answer.members().get("reason"));
        }
        sender.known().add((String) Objects.requireNonNull(answer.members().get("input_id")));
        acknowledged.incrementAndGet();
      } catch (IOException e) {
        return new Answer(0, null);
      }
    }
  }

  /** Returns once so many more inputs are acknowledged. */
  void awaitMore(int inputs) {
    int enough = acknowledged.get() + inputs;
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (acknowledged.get() < enough) {
      assertTrue(System.nanoTime() < deadline, () -> acknowledged + " acknowledged of " + enough);
      LockSupport.parkNanos(100_000);
    }
  }

  int acknowledged() {
    return acknowledged.get();
  }

  /**
   * All that was acknowledged is there, in its order, and of each client at most the input beside that was under way. Whatever
   * is found has to be there from then on. No unit is torn: each input has its event, and the feed has no hole.
   */
  void assertStored(String where) throws Exception {
    List<String> told = eventsOfInputs(where);
    for (Sender sender : senders) {
      List<String> stored = stored(sender, where);
      int known = sender.known().size();
      assertTrue(stored.size() == known || stored.size() == known + 1,
          () -> where + ": " + stored.size() + " inputs of " + sender.worker() + ", acknowledged " + known);
      assertEquals(sender.known(), stored.subList(0, known), where);
      assertEquals(stored.size(), told.stream().filter(sender.worker()::equals).count(),
          () -> where + ": events of " + sender.worker());
      sender.known().addAll(stored.subList(known, stored.size()));
    }
  }

  private List<String> stored(Sender sender, String where) throws Exception {
    List<String> stored = new ArrayList<>();
    String after = "";
    while (true) {
      var page = read("/api/v1/workers/" + sender.worker() + "/inputs?limit=64" + after, where);
      for (Object item : (List<?>) Objects.requireNonNull(page.get("items"))) {
        stored.add((String) Objects.requireNonNull(((Map<?, ?>) item).get("input_id")));
      }
      if (page.get("next") == null) {
        return stored;
      }
      after = "&after=" + page.get("next");
    }
  }

  /** The worker of each accepted input. */
  private List<String> eventsOfInputs(String where) throws Exception {
    List<String> workers = new ArrayList<>();
    long expected = 1;
    String cursor = "";
    while (true) {
      var page = read("/api/v1/events" + cursor, where);
      for (Object item : (List<?>) Objects.requireNonNull(page.get("events"))) {
        Map<?, ?> event = (Map<?, ?>) item;
        assertEquals(expected++, event.get("id"), where);
        if ("worker.input_accepted".equals(event.get("name"))) {
          Map<?, ?> worker = (Map<?, ?>) Objects.requireNonNull(event.get("worker_ref"));
          workers.add(String.valueOf(worker.get("worker_id")));
        }
      }
      if (!Boolean.TRUE.equals(page.get("has_more"))) {
        return workers;
      }
      cursor = "?cursor=" + page.get("cursor");
    }
  }

  private Map<String, @Nullable Object> read(String path, String where) throws Exception {
    HttpResponse<String> response = get(path);
    assertEquals(200, response.statusCode(), () -> where + ": " + path + " " + response.body());
    return Json.parse(response.body()).members();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return http.send(request(path).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(daemon.address().resolve(path)).header("Authorization", "Bearer " + daemon.key())
        .timeout(Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.close();
  }
}
