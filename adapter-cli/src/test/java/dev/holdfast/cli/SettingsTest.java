package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.access.configuration.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  private static Settings settings(Map<String, String> environment) {
    return new Settings(environment, new Places(null, null, null));
  }

  @Test
  @DisplayName("a flag goes before a variable, and that before the default")
  void precedence() {
    var settings = settings(Map.of("HOLDFAST_URL", "http://a:1", "HOLDFAST_DATA", "/b"))
        .flag(Settings.Name.URL, "http://c:2").flag(Settings.Name.STORE, null);
    assertEquals("http://c:2", settings.value(Settings.Name.URL));
    assertEquals("/b", settings.value(Settings.Name.DATA));
    assertEquals("sqlite", settings.value(Settings.Name.STORE));
    assertTrue(settings.isExplicit(Settings.Name.DATA));
    assertFalse(settings.isExplicit(Settings.Name.STORE));
  }

  @Test
  @DisplayName("a data directory that holds a store says what kind it is, unless something else does")
  void backendOfTheFolder(@TempDir Path folder) throws IOException {
    Map<String, String> here = Map.of("HOLDFAST_DATA", folder.toString());
    assertEquals("sqlite", settings(here).store());
    Path identity = folder.resolve("store.json");
    Files.writeString(identity, "{\"backend\":\"filesystem\"}");
    assertEquals("filesystem", settings(here).store());
    assertEquals("memory", settings(here).flag(Settings.Name.STORE, "memory").store());
    for (String damaged : List.of("{", "[]", "{\"backend\":\"other\"}", "{\"backend\":7}")) {
      Files.writeString(identity, damaged);
      assertEquals("sqlite", settings(here).store(), damaged);
    }
  }

  @Test
  @DisplayName("an empty variable is as good as none")
  void emptyVariable() {
    assertEquals("7400", settings(Map.of("HOLDFAST_PORT", "")).value(Settings.Name.PORT));
  }

  @Test
  @DisplayName("the data folder follows XDG_DATA_HOME, but not a relative one")
  void dataFolder() {
    assertEquals("/x/holdfast",
        settings(Map.of("HOME", "/h", "XDG_DATA_HOME", "/x")).value(Settings.Name.DATA));
    assertEquals("/h/.local/share/holdfast",
        settings(Map.of("HOME", "/h", "XDG_DATA_HOME", "x")).value(Settings.Name.DATA));
  }

  @Test
  @DisplayName("config show --origin names each source and no secret")
  void origin() {
    Finished shown = Finished.inProcess(
        Finished.environment("HOME", "/h", "HOLDFAST_URL", "http://me:hush@box:7400", "HOLDFAST_KEY_FILE", "/k",
            "HOLDFAST_EXAMPLE_API_KEY", "hush", "HOLDFAST_EXECUTOR_LEASE_TTL", "3s"),
        "config", "show", "--origin", "--timeout", "5");
    assertTrue(shown.out().contains("http://***@box:7400"), shown.out());
    assertTrue(shown.out().matches("(?s).*timeout +5 +--timeout\n.*"), shown.out());
    assertTrue(shown.out().matches("(?s).*key_file +/k +HOLDFAST_KEY_FILE\n.*"), shown.out());
    assertTrue(shown.out().matches("(?s).*HOLDFAST_EXAMPLE_API_KEY +\\*\\*\\* +HOLDFAST_EXAMPLE_API_KEY\n.*"),
        shown.out());
    assertTrue(shown.out().matches("(?s).*HOLDFAST_EXECUTOR_LEASE_TTL +3s +.*"), shown.out());
    assertFalse(shown.out().contains("hush"), shown.out());
  }
}
