package dev.holdfast.http.relay.publishing;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import dev.holdfast.domain.relay.publishing.PublishingNodeContract;
import dev.holdfast.http.NodeUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class NodeCallsTest extends PublishingNodeContract {
  private final NodeUnderTest node = NodeUnderTest.started();
  private final HttpClient client = HttpClient.newHttpClient();
  private final NodeCalls calls = calls(node.uri("").toString());
  private @Nullable NodeCalls nowhere;

  private NodeCalls calls(String url) {
    try {
      return new NodeCalls(new NodeAddress(url, node.key(Role.PUBLISHER, "ann", false), ""));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    calls.close();
    if (nowhere != null) {
      nowhere.close();
    }
    node.close();
  }

  @Override
  protected PublishingNode node() {
    return calls;
  }

  @Override
  protected PublishingNode nowhere() {
    if (nowhere == null) {
      nowhere = calls("http://127.0.0.1:9");
    }
    return nowhere;
  }

  @Override
  protected Caller ask(String model, boolean streaming) {
    String body = Json.object("model", model, "messages", List.of(Json.object("role", "user", "content", "hi")),
        "stream", streaming).text();
    HttpRequest request = HttpRequest.newBuilder(node.uri("/v1/chat/completions"))
        .header("Authorization", "Bearer " + node.adminKey()).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return new HttpCaller(client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream()));
  }

  private static final class HttpCaller extends Caller {
    private final CompletableFuture<HttpResponse<InputStream>> answer;
    private @Nullable BufferedReader lines;

    HttpCaller(CompletableFuture<HttpResponse<InputStream>> answer) {
      this.answer = answer;
    }

    private HttpResponse<InputStream> begun() throws InterruptedException {
      try {
        return answer.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected String event() throws InterruptedException {
      if (lines == null) {
        lines = new BufferedReader(new InputStreamReader(begun().body(), StandardCharsets.UTF_8));
      }
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("data: ")) {
            return line.substring(6);
          }
        }
        return "the end";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected ProviderAnswer.Whole whole() throws InterruptedException {
      try (InputStream body = begun().body()) {
        return new ProviderAnswer.Whole(begun().statusCode(), "application/json",
            new String(body.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected void leave() {
      try {
        begun().body().close();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
