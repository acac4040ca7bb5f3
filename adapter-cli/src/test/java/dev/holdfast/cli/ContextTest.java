package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec A-104: contexts, and whose key is sent where. */
class ContextTest extends ConfigurationSuite {

  @Test
  @DisplayName("a project names a context of the user's, whose key goes to that node")
  void projectNamesContext() throws IOException {
    try (var node = new StubNode(StubNode.json(200, "{\"key_id\":\"k\"}"))) {
      key("box.key", "rw-------");
      write(user, "contexts:\n  box:\n    url: " + node.url() + "\n    key_file: ../../box.key\n");
      write(project, "context: box\noutput: name\n");
      Finished shown = run(Map.of(), "whoami");
      assertEquals("k\n", shown.out(), shown.err());
      assertEquals("", shown.err());
      assertEquals("Bearer hfk_box", sent(node));
    }
  }

  private void key(String name, String permissions) throws IOException {
    write(folder.resolve(name), "hfk_" + name.replace(".key", "") + "\n");
    Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(permissions));
  }

  private static String sent(StubNode node) {
    return node.requests().getLast().getRequestHeaders().getFirst("Authorization");
  }

  @ParameterizedTest
  @CsvSource({"'', '', hfk_admin", "--context box, '', hfk_box", "--context box, named.key, hfk_named",
    "--key-file FOLDER/flag.key, named.key, hfk_flag", "--context box --key-file FOLDER/flag.key, '', hfk_flag"})
  @DisplayName("A-104 --key-file, then HOLDFAST_KEY_FILE, then the context's, then the admin key on this machine")
  void keyOrder(String words, String variable, String expected) throws IOException {
    try (var node = new StubNode(StubNode.json(200, "{\"key_id\":\"k\"}"))) {
      for (String name : List.of("box.key", "named.key", "flag.key", "admin.key")) {
        key(name, "rw-------");
      }
      Files.createDirectories(folder.resolve("data/keys"));
      Files.move(folder.resolve("admin.key"), folder.resolve("data/keys/admin.key"));
      write(user, "url: " + node.url() + "\ncontexts: {box: {url: '" + node.url() + "', key_file: ../../box.key}}\n");
      List<String> line = new ArrayList<>(List.of("whoami"));
      if (!words.isEmpty()) {
        line.addAll(List.of(words.replace("FOLDER", folder.toString()).split(" ")));
      }
      Finished shown = run(variable.isEmpty() ? Map.of() : Map.of("HOLDFAST_KEY_FILE", folder.resolve(variable) + ""),
          line.toArray(String[]::new));
      assertEquals(ExitCode.OK, shown.exitCode(), shown.err());
      assertEquals("Bearer " + expected, sent(node));
    }
  }

  @Test
  @DisplayName("A-104 the key of a context is sent to its own address alone, and the user is told")
  void keyStays() throws IOException {
    try (var node = new StubNode(StubNode.json(200, "{\"key_id\":\"k\"}"))) {
      key("box.key", "rw-------");
      write(user, "context: box\ncontexts: {box: {url: 'https://box:7400', key_file: ../../box.key}}\n");
      Finished shown = run(Map.of(), "whoami", "--url", node.url());
      assertEquals("the key of the context box is for https://box:7400 alone, so it isn't sent elsewhere",
          shown.err().strip().replace("holdfast: ", ""));
      assertNull(sent(node));
      Files.createDirectories(folder.resolve("data/keys"));
      key("admin.key", "rw-------");
      Files.move(folder.resolve("admin.key"), folder.resolve("data/keys/admin.key"));
      Finished refused = run(Map.of("HOLDFAST_CONTEXT", "box"), "whoami", "--url", node.url());
      assertEquals(ExitCode.DENIED, refused.exitCode(), refused.err());
      assertTrue(refused.err().contains("(missing_key)") && refused.err().contains("--key-file"), refused.err());
      assertEquals(1, node.requests().size(),
          "nobody speaks with another key than the one of the context that was named");
    }
  }

  @Test
  @DisplayName("a key file that others can read is used, with a warning on standard error, once")
  void openKey() throws IOException {
    try (var node = new StubNode(StubNode.json(200, "{\"items\":[]}"))) {
      key("mine.key", "rw-r-----");
      Finished shown = run(Map.of("HOLDFAST_KEY_FILE", folder.resolve("mine.key") + ""), "provider", "rm", "x", "--url",
          node.url());
      assertEquals(2, node.requests().size());
      assertEquals(
          "holdfast: others can read the key file " + folder.resolve("mine.key") + "; close it with: chmod 600 "
              + folder.resolve("mine.key") + "\n",
          shown.err());
    }
  }

  @Test
  @DisplayName("a context that isn't there is refused with those that are; a variable of a wrong form with what it is")
  void unknownContext() throws IOException {
    write(user, "contexts: {box: {url: 'http://b'}, lab: {url: 'http://l'}}\n");
    Finished refused = run(Map.of("HOLDFAST_CONTEXT", "bx"), "whoami");
    assertEquals(ExitCode.USAGE, refused.exitCode());
    assertTrue(refused.err().contains("there is no context bx, which HOLDFAST_CONTEXT names; there are: box, lab"),
        refused.err());
    assertTrue(run(Map.of("HOLDFAST_TIMEOUT", "soon"), "whoami").err()
        .contains("HOLDFAST_TIMEOUT is a number of seconds, not soon"));
  }

  @Test
  @DisplayName("a context that was named nearer goes before an address of a farther origin, and the other way round")
  void contextOrAddress() throws IOException {
    write(user, "context: lab\ncontexts: {box: {url: 'http://b'}, lab: {url: 'http://l'}}\n");
    assertEquals("http://l", settings(Map.of()).value(Settings.Name.URL));
    Map<String, String> environment = Map.of("HOLDFAST_URL", "http://v");
    assertEquals("http://v", settings(environment).value(Settings.Name.URL));
    assertEquals("http://b", settings(environment).flag(Settings.Name.CONTEXT, "box").value(Settings.Name.URL));
    write(project, "context: box\n");
    assertEquals("http://b", settings(Map.of()).value(Settings.Name.URL));
  }
}
