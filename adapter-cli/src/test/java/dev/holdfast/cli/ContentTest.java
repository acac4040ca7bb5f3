package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that may not read content, or that reach more than was meant. */
class ContentTest {
  private static final StubNode.Answer OPERATOR =
      StubNode.json(200, "{\"key_id\":\"0123456789abcdef\",\"role\":\"operator\",\"content\":false}");

  @TempDir
  Path folder = Path.of(".");

  @ParameterizedTest
  @CsvSource({"worker send worker-00000001 hello --follow, without --follow", "run hello, worker send",
    "run --worker worker-00000001 hello, worker send", "chat worker-00000001, worker send", "chat, worker send"})
  @DisplayName("who may not read the answer is refused before anything is sent, and told how to send without it")
  void nothingSent(String command, String instead) {
    try (var node = new StubNode(OPERATOR)) {
      Finished refused = Finished.inProcess(Map.of("HOLDFAST_URL", node.url()), command.split(" "));
      assertEquals(ExitCode.DENIED, refused.exitCode(), refused.err());
      assertTrue(refused.err().contains("(content_not_allowed)\n  nothing was sent: the key 0123456789abcdef"),
          refused.err());
      assertTrue(refused.err().contains(instead) && refused.err().contains("--content"), refused.err());
      assertEquals(List.of("GET"), node.requests().stream().map(request -> request.getRequestMethod()).toList());
    }
  }

  @Test
  @DisplayName("an input whose answer nobody waits for is sent without that right")
  void sent() {
    try (var node = new StubNode(StubNode.json(202, "{\"input_id\":\"i\",\"input_state\":\"pending\"}"))) {
      Finished sent =
          Finished.inProcess(Map.of("HOLDFAST_URL", node.url()), "worker", "send", "w", "hello", "-o", "name");
      assertEquals(ExitCode.OK, sent.exitCode(), sent.err());
      assertEquals(1, node.requests().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"consumer, '', true", "executor, '', true", "publisher, '', true", "observer, '', false",
    "operator, '', false", "consumer, --subject ci, false"})
  @DisplayName("a key that acts for the subject default because nobody named one says so")
  void subjectDefault(String role, String more, boolean told) {
    try (var node = new StubNode(
        StubNode.json(201, "{\"key_text\":\"hfk_x\",\"key\":{\"key_id\":\"k\"}}"))) {
      String command = "key create --role " + role + " --label ci --out " + folder.resolve("k") + " " + more;
      Finished made = Finished.inProcess(Map.of("HOLDFAST_URL", node.url()), command.strip().split(" "));
      assertEquals(ExitCode.OK, made.exitCode(), made.err());
      assertEquals(told, made.err().contains("acts for the subject default"), made.err());
      assertFalse(made.out().contains("acts for"), made.out());
    }
  }
}
