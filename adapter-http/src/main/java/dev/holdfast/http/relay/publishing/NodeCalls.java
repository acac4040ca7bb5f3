package dev.holdfast.http.relay.publishing;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.ChunkUpload;
import dev.holdfast.domain.relay.publishing.NodeLink;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls the node of a publisher over HTTP. */
@Singleton
@Requires(property = "holdfast.publishing.url")
@Bean(preDestroy = "close")
final class NodeCalls implements PublishingNode {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  /** A post waits for as long as the node holds it, which is for a few seconds. */
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final String PUBLISHERS = "/api/v1/publishers";

  private final NodeAddress address;
  private final HttpClient client;

  NodeCalls(NodeAddress address) {
    this.address = address;
    HttpClient.Builder builder = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT)
        .executor(Executors.newVirtualThreadPerTaskExecutor());
    if (address.trust() != null) {
      builder.sslContext(address.trust());
    }
    this.client = builder.build();
  }

  @Override
  public Outcome<Registered> register(
      Registration.@Nullable Presented as, @Nullable String label, List<Registration.Entry> entries)
      throws InterruptedException {
    Json body = Json.object("label", label, "providers", entries.stream().map(PostJson::entry).toList());
    return call("/register", as, body, answer -> registered(as, answer));
  }

  private static Registered registered(Registration.@Nullable Presented as, Map<String, @Nullable Object> answer) {
    List<String> names = new ArrayList<>();
    if (answer.get("providers") instanceof List<?> providers) {
      for (Object provider : providers) {
        if (provider instanceof Map<?, ?> members && members.get("name") instanceof String name) {
          names.add(name);
        }
      }
    }
    boolean told = answer.get("publisher_secret") instanceof String;
    return new Registered(told || as == null
        ? new Registration.Presented(String.valueOf(answer.get("publisher_id")),
            String.valueOf(answer.get("publisher_secret")))
        : as, names);
  }

  @Override
  public Outcome<Boolean> heartbeat(Registration.Presented as, Map<String, Status> statuses)
      throws InterruptedException {
    List<Json> told = statuses.entrySet().stream()
        .map(one -> Json.object("name", one.getKey(), "status", one.getValue().text())).toList();
    return call("/heartbeat", as, Json.object("statuses", told), _ -> true);
  }

  @Override
  public Outcome<Boolean> post(Registration.Presented as, AttemptPost post) throws InterruptedException {
    return call("/tasks/" + post.of().task() + PostJson.route(post.content()), as, PostJson.post(post), _ -> true);
  }

  @Override
  public ChunkUpload upload(Registration.Presented as, AttemptPost.Attempt attempt) {
    return new NodeUpload(address, PUBLISHERS + "/tasks/" + attempt.task() + "/chunks?epoch=" + attempt.epoch(), as);
  }

  private <T> Outcome<T> call(
      String path, Registration.@Nullable Presented as, Json body, Function<Map<String, @Nullable Object>, T> value)
      throws InterruptedException {
    HttpRequest request = address.request(PUBLISHERS + path, as).timeout(ANSWER)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.text())).build();
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return NodeAnswer.of(response.statusCode(), response.body()).map(value);
    } catch (IOException e) {
      return Outcome.refused(Reason.NODE_UNREACHABLE);
    }
  }

  /** The link's answer has no end, so only its beginning is waited for. */
  @Override
  public Outcome<NodeLink> open(Registration.Presented as) throws InterruptedException {
    HttpRequest request =
        address.request(PUBLISHERS + "/link", as).header("Accept", "text/event-stream").timeout(ANSWER).GET().build();
    try {
      HttpResponse<LinkBody> response = client.send(request, _ -> new LinkBody());
      if (response.statusCode() == 200) {
        return new Outcome.Done<>(new NodeFrames(response.body()));
      }
      try (LinkBody body = response.body()) {
        Outcome<Map<String, @Nullable Object>> refused =
            NodeAnswer.of(response.statusCode(), body.all(ANSWER, NodeAnswer.MAX_BYTES));
        return refused instanceof Outcome.Refused<Map<String, @Nullable Object>> why
            ? why.as()
            : Outcome.refused(Reason.NODE_UNREACHABLE);
      }
    } catch (IOException e) {
      return Outcome.refused(Reason.NODE_UNREACHABLE);
    }
  }

  void close() {
    client.shutdownNow();
  }
}
