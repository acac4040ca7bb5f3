package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.PublicProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;

/** The node's calls to providers' addresses. Redirects are not followed: a key is for the address it was set with. */
@Singleton
@Bean(preDestroy = "close")
public final class Upstream {
  private final HttpClient client;
  private final Duration idle;

  /** @param idle how long a provider may be silent, before its answer and within it */
  public Upstream(
      @Value("${holdfast.model.connect-timeout:10s}") Duration connect,
      @Value("${holdfast.model.idle-timeout:5m}") Duration idle) {
    this.idle = idle;
    this.client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(connect)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
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
    return send(request(provider, path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.text())));
  }

  Answer get(PublicProvider provider, String path) throws IOException, InterruptedException, Credentials.Unreadable {
    return send(request(provider, path).GET());
  }

  private HttpRequest.Builder request(PublicProvider provider, String path) throws Credentials.Unreadable {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(provider.url() + path)).timeout(idle);
    String key = Credentials.read(provider);
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<UpstreamBody> response = client.send(request.build(), _ -> new UpstreamBody());
    return new Answer(response.statusCode(), response.headers().firstValue("Content-Type").orElse(""),
        response.body(), idle);
  }

  public void close() {
    client.shutdownNow();
  }
}
