package dev.holdfast.http.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private static final String FINISH = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String MORE =
      "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"},\"finish_reason\":null}]}";
  private static final String USAGE = "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}";

  private static final class Given extends AnswerStream {
    private final Queue<String> events;

    Given(String... events) {
      this.events = new ArrayDeque<>(List.of(events));
    }

    @Override
    public Piece next(Duration atMost) {
      String data = events.poll();
      return data == null ? ENDED : new Piece.Event(data);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private static String last(String... events) throws InterruptedException {
    var source = new FaceSource(new Given(events), "m");
    List<String> frames = new ArrayList<>();
    while (!source.isOver()) {
      source.await(Duration.ZERO);
      frames.addAll(source.next());
    }
    return frames.getLast();
  }

  @Test
  @DisplayName("R-46 an end is told unless pieces of another choice follow the first one's")
  void ends() throws InterruptedException {
    assertEquals("data: [DONE]\n\n", last(FINISH));
    assertEquals("data: [DONE]\n\n", last(FINISH, USAGE));
    assertEquals("data: [DONE]\n\n", last(MORE, FINISH, MORE, FINISH));
    assertTrue(last(FINISH, MORE).contains("upstream_cut"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
    "{\"model\":\"b\"}|{\"model\":\"m\"}", "{ \"model\" : \"b\\\"\" , \"x\":1}|{ \"model\" : \"m\" , \"x\":1}",
    "{\"choices\":[{\"model\":\"b\"}],\"model\":\"b\"}|{\"choices\":[{\"model\":\"b\"}],\"model\":\"m\"}",
    "{\"tool\":{\"model\":\"b\"}}|{\"tool\":{\"model\":\"b\"}}", "{\"model\":null}|{\"model\":null}",
    "{\"content\":\"{\\\"model\\\":\\\"b\\\"}\",\"model\":\"b\"}|{\"content\":\"{\\\"model\\\":\\\"b\\\"}\",\"model\":\"m\"}",
    "{\"kind\":\"model\",\"x\":\"b\"}|{\"kind\":\"model\",\"x\":\"b\"}", "{\"model\":\"torn|{\"model\":\"m\"",
    "{\"model\"|{\"model\"", "{\"model|{\"model", "{\"x\":\"\\|{\"x\":\"\\"})
  @DisplayName("an event's own model gets the caller's name, and nothing deeper in it")
  void named(String data, String told) throws InterruptedException {
    var source = new FaceSource(new Given(data), "m");
    source.await(Duration.ZERO);
    assertEquals(List.of("data: " + told + "\n\n"), source.next());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}\r\rdata: [DONE]\r\r", "{}\n\ndata: [DONE]\n\n", "{}\r\n\r\ndata: [DONE]\r\n\r\n"})
  @DisplayName("what a provider says stays one event, whichever line ends are in it")
  void oneEvent(String data) {
    String frame = ChatFrames.of(data);
    assertTrue(frame.endsWith("\n\n"));
    frame.strip().lines().forEach(line -> assertTrue(line.startsWith("data:"), frame));
    assertTrue(frame.strip().lines().noneMatch("data: [DONE]"::equals), frame);
  }

  @Test
  @DisplayName("a publisher's note is one short line, wherever it is cut")
  void note() {
    var failure = assertInstanceOf(PostBody.Content.Failure.class, PostBody.read(JsonMembers.read(
        "{\"epoch\":1,\"error\":{\"reason\":\"x\",\"note\":\"a\\nb\\u0085c\\u2028" + "d".repeat(300) + "\"}}"))
        .content());
    assertEquals("a b c " + "d".repeat(194), failure.note());
    var torn = assertInstanceOf(PostBody.Content.Failure.class, PostBody.read(JsonMembers.read(
        "{\"epoch\":1,\"error\":{\"reason\":\"" + "d".repeat(199) + "\uD83D\uDE00\"}}")).content());
    assertEquals("d".repeat(199), torn.note());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 100, 199, 600, 2_000})
  @DisplayName("a result has a status that ends an answer")
  void status(int status) {
    var members = JsonMembers.read("{\"epoch\":1,\"result\":{\"status\":" + status + ",\"body\":{}}}");
    var wrong = assertThrows(JsonMembers.Mismatch.class, () -> PostBody.read(members));
    assertEquals(Reason.INVALID_REQUEST, wrong.refusal().reason());
  }
}
