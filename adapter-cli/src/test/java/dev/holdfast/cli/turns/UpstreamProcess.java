package dev.holdfast.cli.turns;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@link OpenAiUpstream} as a process of its own, which outlives every kill of a daemon. */
public record UpstreamProcess(Process process, String url) implements AutoCloseable {

  /** @param pauseMs before each word of its answers */
  public static UpstreamProcess start(int words, long pauseMs) throws IOException {
    return start(words, pauseMs, "word");
  }

  /** @param stem what its words begin with; their numbers follow */
  public static UpstreamProcess start(int words, long pauseMs, String stem) throws IOException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), OpenAiUpstream.class.getName(), Integer.toString(words),
        Long.toString(pauseMs), stem).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String port =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    return new UpstreamProcess(process, "http://127.0.0.1:" + port + "/v1");
  }

  /** How many completions it was asked for so far. */
  public int calls() throws IOException, InterruptedException {
    return count("/calls");
  }

  /** How many callers left before their answer's end. */
  public int left() throws IOException, InterruptedException {
    return count("/left");
  }

  /** How many answers wait for a release, as their callers wished. */
  public int held() throws IOException, InterruptedException {
    return count("/held");
  }

  /** Those that wait go on. */
  public void release() throws IOException, InterruptedException {
    var _ = count("/release");
  }

  private int count(String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return Integer.parseInt(http.send(HttpRequest.newBuilder(URI.create(url + path)).build(),
          HttpResponse.BodyHandlers.ofString()).body());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
