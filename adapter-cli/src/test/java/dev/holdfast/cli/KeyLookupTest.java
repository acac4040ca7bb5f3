package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.access.KeyLookup;
import dev.holdfast.cli.access.configuration.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec A-104. */
class KeyLookupTest {
  @TempDir
  Path folder = Path.of(".");

  private Path admin = Path.of(".");
  private Path mine = Path.of(".");

  @BeforeEach
  void keys() throws IOException {
    admin = folder.resolve("keys").resolve("admin.key");
    Files.createDirectory(admin.getParent());
    Files.writeString(admin, "hfk_admin\n");
    mine = folder.resolve("mine");
    Files.writeString(mine, "hfk_mine\n");
  }

  private Settings settings(Map<String, String> more) {
    return new Settings(more, new Places(null, null, null)).flag(Settings.Name.DATA, folder);
  }

  @Test
  @DisplayName("A-A5 on the node's own machine its admin key is found without any flag")
  void adminKey() {
    assertEquals("hfk_admin", KeyLookup.find(settings(Map.of())));
  }

  @Test
  @DisplayName("a named key file goes before it, and the flag before the variable")
  void named() {
    assertEquals("hfk_mine", KeyLookup.find(settings(Map.of("HOLDFAST_KEY_FILE", mine.toString()))));
    assertEquals("hfk_mine", KeyLookup.find(
        settings(Map.of("HOLDFAST_KEY_FILE", "/nowhere")).flag(Settings.Name.KEY_FILE, mine)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://box:7400", "https://127.0.0.1.example.com", "http://10.0.0.1:7400"})
  @DisplayName("the admin key is never shown to another machine")
  void elsewhere(String url) {
    assertNull(KeyLookup.find(settings(Map.of("HOLDFAST_URL", url))));
  }

  @Test
  @DisplayName("a key file that can't be read is said so, with exit code 4")
  void unreadable() {
    Finished refused = Finished.inProcess(Map.of(), "whoami", "--key-file", "/nowhere");
    assertEquals(ExitCode.DENIED, refused.exitCode());
    assertTrue(refused.err().contains("(missing_key)"), refused.err());
  }

  @Test
  @DisplayName("a refusal of a key names its file, and one of a role how to look at the same key")
  void advice() {
    try (var node = new StubNode(StubNode.problem(401, "key_revoked"), StubNode.problem(403, "role_not_allowed"),
        StubNode.problem(401, "missing_key"))) {
      String[] words = {"key", "list", "--url", node.url(), "--key-file", mine.toString()};
      String wrong = Finished.inProcess(Map.of(), words).err();
      assertTrue(wrong.contains("(key_revoked)\n  the key is the one in " + mine), wrong);
      String role = Finished.inProcess(Map.of(), words).err();
      assertTrue(role.contains("try: holdfast whoami --url " + node.url() + " --key-file " + mine), role);
      Path nowhere = folder.resolve("nowhere");
      String none = Finished.inProcess(Map.of("HOLDFAST_DATA", nowhere + ""), "key", "list", "--url", node.url()).err();
      assertTrue(none.contains(nowhere.resolve("keys/admin.key").toString()), none);
      assertTrue(none.contains("holdfast key recover"), none);
      String place = Finished.inProcess(Map.of(), "whoami", "--url", node.url(), "--key-file", folder + "").err();
      assertTrue(place.contains(folder + " is a folder") && !place.contains("chmod"), place);
    }
  }

  @Test
  @DisplayName("the key goes in one header, and its text is never printed")
  void header() {
    try (var node = new StubNode(StubNode.problem(401, "invalid_key"))) {
      Finished refused =
          Finished.inProcess(Map.of(), "whoami", "--url", node.url(), "--key-file", mine.toString());
      assertEquals(ExitCode.DENIED, refused.exitCode());
      assertEquals("Bearer hfk_mine",
          node.requests().getFirst().getRequestHeaders().getFirst("Authorization"));
      assertTrue(!refused.err().contains("hfk_"), refused.err());
    }
  }
}
