package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ModelGatewayContract;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.http.relay.upstream.Upstream;
import dev.holdfast.http.relay.upstream.UpstreamCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayGatewayTest extends ModelGatewayContract {
  private final FakeProvider fake = new FakeProvider();
  private final Upstream upstream = new Upstream(Duration.ofSeconds(5), Duration.ofSeconds(20));
  private final RelayUnderTest relay = new RelayUnderTest(new UpstreamCalls(upstream));

  @AfterEach
  void close() {
    upstream.close();
    fake.close();
  }

  @Override
  protected ModelGateway gateway() {
    return relay.gateway();
  }

  @Override
  protected ModelCall call(Behaviour behaviour, List<String> pieces) {
    fake.say(pieces);
    return call(fake.provider(switch (behaviour) {
      case ANSWERS -> "answers";
      case CUTS -> "unfinished";
      case REACHES_ITS_LIMIT -> "length";
      case IS_FILTERED -> "filter";
      case REASONS -> "reasons";
      case FAILS -> "s500";
      case IS_SILENT -> "silent";
      case DRAGS_ON -> "drags";
    }), Json.EMPTY_OBJECT);
  }

  private ModelCall call(PublicProvider provider, Json options) {
    return relay.call(provider, options);
  }

  private ModelEnd end(String behaviour) throws InterruptedException {
    return gateway().call(call(fake.provider(behaviour), Json.EMPTY_OBJECT), (_, _) -> {
    });
  }

  @Override
  protected void awaitNothingLeft() {
    await().atMost(Duration.ofSeconds(1)).until(() -> fake.answering() == 0);
  }

  @ParameterizedTest(name = "status {0}: retry {1}")
  @CsvSource({"400,false", "401,false", "403,false", "404,false", "408,true", "422,false", "429,true", "500,true",
    "502,true", "503,true"})
  @DisplayName("An error of the provider is retried where a little later may be better")
  void statuses(int status, boolean retry) throws InterruptedException {
    assertEquals(new ModelEnd.Failed(retry, "the provider answered with status " + status), end("s" + status));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"torn,Cut", "unfinished,Cut", "latergarbage,Cut", "garbage,Failed", "errorevent,Failed", "binary,Failed",
    "nodone,Finished", "moved,Failed"})
  @DisplayName("Whatever a provider sends, the end is truthful")
  void ends(String behaviour, String type) throws InterruptedException {
    assertEquals(type, end(behaviour).getClass().getSimpleName());
  }

  @Test
  @DisplayName("A refused connection is a failure that may pass")
  void refused() throws InterruptedException, IOException {
    int port;
    try (var once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = once.getLocalPort();
    }
    var gone = FakeProvider.provider("gone", "http://127.0.0.1:" + port + "/v1", null);
    ModelEnd end = gateway().call(call(gone, Json.EMPTY_OBJECT), (_, _) -> {
    });
    assertTrue(assertInstanceOf(ModelEnd.Failed.class, end).retry());
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"silent,Failed", "mute,Cut"})
  @DisplayName("A provider that falls silent is given up after the idle time-out, and its connection is closed")
  void silence(String behaviour, String type) throws InterruptedException {
    var impatient = new Upstream(Duration.ofSeconds(5), Duration.ofMillis(200));
    var other = new RelayUnderTest(new UpstreamCalls(impatient));
    ModelEnd end = other.gateway().call(other.call(fake.provider(behaviour), Json.EMPTY_OBJECT), (_, _) -> {
    });
    assertEquals(type, end.getClass().getSimpleName());
    awaitNothingLeft();
    impatient.close();
  }

  @Test
  @DisplayName("The request has the messages, the backend's model name and the options, but nothing meant for the script")
  void request() throws InterruptedException {
    Json options =
        Json.parse("{\"temperature\":0.5,\"max_output_tokens\":7,\"scripted\":{\"words\":1},\"model\":\"other\"}");
    gateway().call(call(fake.provider("answers"), options), (_, _) -> {
    });
    FakeProvider.Request request = fake.lastRequest();
    assertEquals("/answers/v1/chat/completions", request.path());
    assertEquals(
        Json.parse("{\"model\":\"backend-model\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true,"
            + "\"stream_options\":{\"include_usage\":true},\"temperature\":0.5,\"max_tokens\":7}"),
        request.json());
    assertNull(request.headers().get("authorization"));
  }

  @Test
  @DisplayName("A key in a file is read at each call and sent as a bearer; without it there is no call")
  void credential(@TempDir Path folder) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("key"), "first-key\n");
    var provider = FakeProvider.provider("fake", fake.url("answers"), "file:" + file);
    gateway().call(call(provider, Json.EMPTY_OBJECT), (_, _) -> {
    });
    assertEquals("Bearer first-key", fake.lastRequest().headers().get("authorization"));
    Files.writeString(file, "second-key");
    gateway().call(call(provider, Json.EMPTY_OBJECT), (_, _) -> {
    });
    assertEquals("Bearer second-key", fake.lastRequest().headers().get("authorization"));
    Files.delete(file);
    ModelEnd.Failed failed = assertInstanceOf(ModelEnd.Failed.class,
        gateway().call(call(provider, Json.EMPTY_OBJECT), (_, _) -> {
        }));
    assertFalse(failed.retry());
    assertFalse(failed.note().contains(file.toString()));
  }
}
