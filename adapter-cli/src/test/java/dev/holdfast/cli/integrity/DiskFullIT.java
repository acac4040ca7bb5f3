package dev.holdfast.cli.integrity;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.domain.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real node on a real disk that somebody else fills up. */
class DiskFullIT {
  private static final int DISK_MIB = 16;
  private static final String CONTENT = "x".repeat(16 << 10);

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir
  private Path temp;

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"sqlite", "filesystem"})
  @DisplayName("A-A24, I-A28 (full disk) A full disk answers 507 and acknowledges nothing; the node works again within 5 s "
      + "after space has returned, and everything that it acknowledged is there")
  @EnabledOnOs(OS.LINUX)
  void fullDisk(String backend) throws Exception {
    Path data = Files.createDirectory(temp.resolve("data"));
    try (DaemonProcess daemon = DaemonProcess.onSmallDisk(data, DISK_MIB, "--store", backend)) {
      String worker = (String) Objects.requireNonNull(
          Json.parse(post(daemon, "/api/v1/workers", "{\"execution\":\"external\"}").body()).members()
              .get("worker_id"));
      List<String> acknowledged = new ArrayList<>();
      send(daemon, worker, acknowledged);
      Path filler = daemon.seen("filler");
      fill(filler);

      // What the log has allocated already may still take some.
      HttpResponse<String> refused = send(daemon, worker, acknowledged);
      while (refused.statusCode() == 200) {
        refused = send(daemon, worker, acknowledged);
      }
      assertEquals(507, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("\"reason\":\"storage_full\""), refused.body());
      assertEquals(507, send(daemon, worker, acknowledged).statusCode());
      assertEquals(200, get(daemon, "/api/v1/workers/" + worker).statusCode(), "reads go on");

      Files.delete(filler);
      await().atMost(Duration.ofSeconds(5)).until(() -> send(daemon, worker, acknowledged).statusCode() == 200);

      assertStored(daemon, worker, acknowledged);
      assertEquals(200, get(daemon, "/health/readiness").statusCode());
    }
  }

  /** Takes all the space that is left. */
  private static void fill(Path filler) throws IOException {
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.toString());
    }
  }

  private HttpResponse<String> send(DaemonProcess daemon, String worker, List<String> acknowledged) throws Exception {
    HttpResponse<String> answer = post(daemon, "/api/v1/workers/" + worker + "/inputs",
        "{\"kind\":\"user\",\"content\":\"" + CONTENT + "\"}");
    if (answer.statusCode() == 200) {
      acknowledged.add((String) Objects.requireNonNull(Json.parse(answer.body()).members().get("input_id")));
    }
    return answer;
  }

  private void assertStored(DaemonProcess daemon, String worker, List<String> acknowledged) throws Exception {
    List<String> stored = new ArrayList<>();
    String after = "";
    while (true) {
      var page = Json.parse(get(daemon, "/api/v1/workers/" + worker + "/inputs?limit=64" + after).body()).members();
      for (Object item : (List<?>) Objects.requireNonNull(page.get("items"))) {
        stored.add((String) Objects.requireNonNull(((Map<?, ?>) item).get("input_id")));
      }
      if (page.get("next") == null) {
        break;
      }
      after = "&after=" + page.get("next");
    }
    assertEquals(acknowledged, stored);
  }

  private HttpResponse<String> post(DaemonProcess daemon, String path, String body) throws Exception {
    return http.send(request(daemon, path).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(DaemonProcess daemon, String path) throws Exception {
    return http.send(request(daemon, path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(DaemonProcess daemon, String path) throws IOException {
    String key = Files.readString(daemon.seen("keys/admin.key")).strip();
    return HttpRequest.newBuilder(daemon.address().resolve(path)).header("Authorization", "Bearer " + key)
        .timeout(Duration.ofSeconds(30));
  }
}
