package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code publish} finds and refuses before it goes to a node. */
class PublishCommandTest {
  private static final StubNode.Answer TWO_MODELS = StubNode.json(200, "{\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}]}");

  private final StubNode node = new StubNode(StubNode.problem(403, "role_not_allowed"));

  @TempDir
  private Path home;

  @AfterEach
  void close() {
    node.close();
  }

  private Finished publish(StubNode backend, String... more) throws IOException {
    Path key = home.resolve("laptop.key");
    Files.writeString(key, "hf_x");
    List<String> words = new ArrayList<>(List.of("publish", "--to", node.url(), "--key-file", key.toString(),
        "--identity", home.resolve("identity.json").toString(), "--backend", backend.url()));
    words.addAll(List.of(more));
    return Finished.inProcess(Map.of("TINY", "sk-secret"), words.toArray(String[]::new));
  }

  @Test
  @DisplayName("R-A37 a model whose probe fails is never announced: it is shown with the reason")
  void probeFails() throws IOException {
    try (var backend = new StubNode(TWO_MODELS, StubNode.json(500, "{\"error\":{}}"))) {
      Finished finished = publish(backend);
      assertEquals(ExitCode.FAILED, finished.exitCode());
      assertTrue(finished.err().contains("skipped    a: status 500"), finished.err());
      assertTrue(finished.err().contains("skipped    b: status 500"), finished.err());
      assertTrue(finished.err().contains("none of the models found can be served"), finished.err());
      assertEquals(List.of(), node.requests());
      assertFalse(Files.exists(home.resolve("identity.json")));
    }
  }

  @Test
  @DisplayName("R-80 no model server is called whose key isn't there, and a key in place of its place isn't shown")
  void keyMissing() throws IOException {
    try (var backend = new StubNode(TWO_MODELS)) {
      Finished finished = publish(backend, "--credential", "env:NO_SUCH_VARIABLE_HERE");
      assertEquals(ExitCode.USAGE, finished.exitCode());
      assertTrue(finished.err().contains("NO_SUCH_VARIABLE_HERE isn't set"), finished.err());
      Finished itself = publish(backend, "--credential", "sk-abc");
      assertEquals(ExitCode.USAGE, itself.exitCode());
      assertTrue(itself.err().contains("env:NAME or file:PATH"), itself.err());
      assertFalse(itself.err().contains("sk-abc"), itself.err());
      assertEquals(List.of(), backend.requests(), "nothing is called without its key");
      assertEquals(List.of(), node.requests());
    }
  }

  @Test
  @DisplayName("one name is for one model, and a model that isn't there is told")
  void names() throws IOException {
    try (var backend = new StubNode(TWO_MODELS)) {
      Finished several = publish(backend, "--name", "mine");
      assertEquals(ExitCode.USAGE, several.exitCode(), several.err());
      assertTrue(several.err().contains("there are a, b"), several.err());
      Finished none = publish(backend, "--model", "c");
      assertTrue(none.err().contains("c: no model server here has it"), none.err());
      assertEquals(List.of(), node.requests());
    }
  }

  @Test
  @DisplayName("a server that isn't running is told, and how a call may start it")
  void serverDown() throws IOException {
    String gone;
    try (var backend = new StubNode(TWO_MODELS)) {
      gone = backend.url();
    }
    for (String recipe : List.of("", "--wake-command=true")) {
      Path key = home.resolve("laptop.key");
      Files.writeString(key, "hf_x");
      List<String> words = new ArrayList<>(
          List.of("publish", "--to", node.url(), "--key-file", key.toString(), "--backend", gone));
      if (!recipe.isEmpty()) {
        words.add(recipe);
      }
      Finished finished = Finished.inProcess(Map.of("HOME", home.toString()), words.toArray(String[]::new));
      assertEquals(ExitCode.FAILED, finished.exitCode(), finished.err());
      assertTrue(finished.err().contains("no model server lists models at " + gone + "/v1/models"), finished.err());
      assertEquals(!recipe.isEmpty(), finished.err().contains("the same command with --model"), finished.err());
      assertEquals(List.of(), node.requests());
    }
  }

  @Test
  @DisplayName("publishing needs a key, and says how it is made")
  void keyNeeded() {
    Finished finished = Finished.inProcess(Map.of("HOLDFAST_DATA", home.toString()), "publish", "--to", node.url());
    assertEquals(ExitCode.of(Reason.MISSING_KEY), finished.exitCode());
    assertTrue(finished.err().contains("--role publisher"), finished.err());
    assertEquals(List.of(), node.requests());
  }
}
