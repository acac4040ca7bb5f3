package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code config check} finds beyond single lines. */
class ConfigurationCheckTest {
  @TempDir
  Path folder = Path.of(".");

  private Path user() throws IOException {
    return Files.createDirectories(folder.resolve("home").resolve("holdfast")).resolve("config.yaml");
  }

  /** The problems as {@code line: text}; line 0 with the file, which is a variable's name then. */
  private List<String> problems(Map<String, String> environment, String... words) {
    var all = new TreeMap<>(environment);
    all.put("XDG_CONFIG_HOME", folder.resolve("home").toString());
    Finished checked = Finished.inFolder(folder, all, false, words);
    List<String> found = checked.out().lines().map(Json::parse)
        .map(
            one -> (Long.valueOf(0).equals(one.members().get("line")) ? Verb.text(one, "file") : Verb.text(one, "line"))
                + ": " + Verb.text(one, "problem"))
        .toList();
    assertEquals(found.isEmpty() ? ExitCode.OK : ExitCode.USAGE, checked.exitCode(), checked.err());
    return found;
  }

  private List<String> inEffect(Map<String, String> environment) {
    return problems(environment, "config", "check", "-o", "ndjson");
  }

  @Test
  @DisplayName("config check names at once, with their lines, a context that isn't there, half a certificate, files that can't be"
      + " read, an address that is reachable from outside, and what is wrong in a line")
  void allAtOnce() throws IOException {
    Files.writeString(user(), """
        context: bax
        host: 0.0.0.0
        tls_key: /nowhere/tls.key
        key_file: /nowhere/my.key
        ca_file: /nowhere/ca.pem
        public_hosts: ["https://box"]
        timeout: soon
        contexts:
          box:
            url: https://box
            key_file: /nowhere/box.key
        """);
    List<String> found = inEffect(Map.of());
    for (String wanted : List.of("1: there is no context bax", "2: 0.0.0.0 is reachable from outside",
        "3: --tls-cert and --tls-key go together", "3: the TLS key /nowhere/tls.key can't be read",
        "4: the key file /nowhere/my.key can't be read", "5: the ca_file /nowhere/ca.pem can't be read",
        "6: one of public_hosts is a name", "7: timeout is a number of seconds",
        "11: the key file /nowhere/box.key can't be read")) {
      assertTrue(found.stream().anyMatch(one -> one.startsWith(wanted)), () -> wanted + " in " + found);
    }
    assertEquals(9, found.size(), found.toString());
  }

  @Test
  @DisplayName("behind a proxy without a public host, and a certificate without its key; a variable counts, and is told by its name")
  void listener() throws IOException {
    Files.writeString(user(), "behind_proxy: true\ntls_cert: config.yaml\n");
    List<String> found = inEffect(Map.of());
    assertEquals(2, found.size(), found.toString());
    assertTrue(found.get(0).startsWith("2: --tls-cert and --tls-key go together"), found.toString());
    assertTrue(found.get(1).startsWith("1: behind a proxy"), found.toString());
    assertEquals(List.of(), inEffect(
        Map.of("HOLDFAST_TLS_KEY", user().toString(), "HOLDFAST_PUBLIC_HOSTS", "box")));
    List<String> ofVariables = inEffect(Map.of("HOLDFAST_TLS_KEY", user().toString(), "HOLDFAST_PUBLIC_HOSTS", "box",
        "HOLDFAST_CONTEXT", "box"));
    assertEquals(1, ofVariables.size(), ofVariables.toString());
    assertTrue(ofVariables.get(0).startsWith("HOLDFAST_CONTEXT: there is no context box"), ofVariables.toString());
  }

  @Test
  @DisplayName("a file that isn't in effect is judged by itself, a project's with the user's contexts")
  void notInEffect() throws IOException {
    Files.writeString(user(), "contexts: {box: {url: 'https://box'}}\nhost: 0.0.0.0\n");
    Path other = folder.resolve("other.yaml");
    Files.writeString(other, "context: box\ncontexts: {lab: {url: 'https://l', key_file: /nowhere/l.key}}\n");
    List<String> found = problems(Map.of("HOLDFAST_HOST", "0.0.0.0"), "config", "check", other.toString(), "-o",
        "ndjson");
    assertEquals(1, found.size(), found.toString());
    assertTrue(found.get(0).startsWith("1: there is no context box"), found.toString());
    Path project = Files.createDirectories(folder.resolve("project")).resolve("holdfast.yaml");
    Files.writeString(project, "context: box\n");
    assertEquals(List.of(), problems(Map.of(), "config", "check", project.toString(), "-o", "ndjson"));
  }
}
