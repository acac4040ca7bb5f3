package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec A-103: the settings of files, and what a file may not do. */
class ConfigurationTest extends ConfigurationSuite {
  @Test
  @DisplayName("A-103 flag, then variable, then the project's, the user's and the machine's file, then the default")
  void precedence() throws IOException {
    Map<String, String> environment = new TreeMap<>();
    assertEquals("30", settings(environment).value(Settings.Name.TIMEOUT));
    write(machine, "timeout: 5\n");
    assertEquals("5", settings(environment).value(Settings.Name.TIMEOUT));
    write(user, "timeout: 4\n");
    assertEquals("4", settings(environment).value(Settings.Name.TIMEOUT));
    write(project, "timeout: 3\n");
    assertEquals("3", settings(environment).value(Settings.Name.TIMEOUT));
    environment.put("HOLDFAST_TIMEOUT", "2");
    assertEquals("2", settings(environment).value(Settings.Name.TIMEOUT));
    assertEquals("1", settings(environment).flag(Settings.Name.TIMEOUT, 1).value(Settings.Name.TIMEOUT));
  }

  @Test
  @DisplayName("A-103 config show --origin names file and line of each, the key file that is taken by default, and no secret")
  void origin() throws IOException {
    write(user, """
        # mine
        output: table
        url: http://me:hush@127.0.0.1:7400
        contexts:
          box:
            url: https://box
        profiles:
          reviewer: {model: local}
        limits:
          streams: 5
        """);
    write(project, "timeout: 9\n");
    Finished shown = run(Map.of("HOME", "/h"), "config", "show", "--origin", "-o", "json");
    Map<String, String> origins = new TreeMap<>();
    Map<String, String> values = new TreeMap<>();
    for (Object item : (List<?>) Objects.requireNonNull(shown.json().members().get("items"))) {
      Json one = Json.of(item);
      origins.put(Verb.text(one, "name") + "", Verb.text(one, "origin") + "");
      values.put(Verb.text(one, "name") + "", Verb.text(one, "value") + "");
    }
    assertEquals("--output", origins.get("output"));
    assertEquals(user + ":3", origins.get("url"));
    assertEquals("http://***@127.0.0.1:7400", values.get("url"));
    assertEquals(project + ":1", origins.get("timeout"));
    assertEquals(user + ":10", origins.get("limits.streams"));
    assertEquals(user + ":5", origins.get("contexts.box"));
    assertEquals(user + ":8", origins.get("profiles.reviewer"));
    assertEquals("default", origins.get("port"));
    assertEquals(folder.resolve("data/keys/admin.key").toString(), values.get("key_file"));
    assertFalse(shown.out().contains("hush"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"url: http://evil:1", "key_file: /k", "ca_file: /c", "data: /d", "store: memory", "host: 0.0.0.0",
        "tls_cert: /c", "tls_key: /k", "behind_proxy: true", "proxy_addresses: [1.2.3.4]", "public_hosts: [evil]",
        "limits: {streams: 1}", "contexts: {box: {url: 'http://evil:1'}}"})
  @DisplayName("a project's file can't send a key or data anywhere: refused with file, line and what to do")
  void projectMayNot(String line) throws IOException {
    write(project, "output: wide\n" + line + "\n");
    Finished refused = run(Map.of(), "whoami");
    assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("(invalid_request)\n  " + project + ":2: a project's file may not set "),
        refused.err());
    assertTrue(refused.err().contains("set it in ~/.config/holdfast/config.yaml"), refused.err());
    assertTrue(refused.err().contains("try: holdfast config check"), refused.err());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "urll: x | there is no setting urll; did you mean url?",
    "timout: 3 | there is no setting timout; did you mean timeout?",
    "streams: 5 | there is no setting streams; did you mean limits.streams?", "xyzzy: 1 | there is no setting xyzzy",
    "timeout: soon | timeout is a number of seconds", "timeout: '3' | timeout is a number of seconds",
    "timeout: | timeout is a number of seconds", "port: 70000 | port is a number from 0 to 65535",
    "behind_proxy: yes | behind_proxy is true or false",
    "output: xml | output is one of table, wide, json, yaml, ndjson, name",
    "url: box:7400 | url is an address such as https://box:7400",
    "store: postgres | store is one of sqlite, filesystem, memory",
    "public_hosts: [1] | public_hosts is a list of names", "limits: 5 | limits has members of its own, one a line",
    "limits: {strems: 5} | there is no setting limits.strems; did you mean limits.streams?",
    "contexts: {box: {}} | the context box has no url",
    "contexts: {box: {url: 'http://b', key: x}} | a context has no key",
    "contexts: {Box: {url: 'http://b'}} | a context's name is small letters",
    "profiles: {a b: {}} | a profile's name is small letters",
    "profiles: {a: {modl: x}} | a profile has no modl; did you mean model?",
    "profiles: {a: {options: 5}} | options have members of their own",
    "profiles: {a: {instructions: 5}} | instructions are a text"})
  @DisplayName("an unknown setting or a wrong type is refused with file, line and the nearest name that there is")
  void wrong(String line, String problem) throws IOException {
    write(user, "# a file\n\n" + line + "\n");
    Finished refused = run(Map.of(), "whoami");
    assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("\n  " + user + ":3: " + problem), refused.err());
    Finished version = run(Map.of(), "version", "-o", "json");
    assertEquals(ExitCode.OK, version.exitCode(), version.err());
    assertEquals(Version.text(), version.json().members().get("version"));
    Finished checked = run(Map.of(), "config", "check", user.toString(), "-o", "ndjson");
    assertEquals(ExitCode.USAGE, checked.exitCode());
    assertEquals(3L, checked.json().members().get("line"));
    assertTrue(String.valueOf(checked.json().members().get("problem")).startsWith(problem), checked.out());
  }

  @Test
  @DisplayName("config check finds every problem of every file in effect, and says so when there is none")
  void check() throws IOException {
    assertEquals("there is no configuration file\n", run(Map.of(), "config", "check").err());
    write(user, "output: xml\ntimeout: 0\n");
    write(project, "output: wide\n");
    Finished checked = run(Map.of(), "config", "check");
    assertEquals(ExitCode.USAGE, checked.exitCode());
    assertEquals(3, checked.out().lines().count(), checked.out());
    write(user, "output: json\n");
    assertEquals(ExitCode.OK, run(Map.of(), "config", "check").exitCode());
    assertEquals(ExitCode.USAGE, run(Map.of(), "config", "check", "/nowhere").exitCode());
  }

  @Test
  @DisplayName("profiles of all files come together as one JSON text; of one name the nearest file's counts")
  void profiles() throws IOException {
    write(machine, "profiles: {a: {model: far}, b: {instructions: \"Be brief.\", options: {temperature: 0.2}}}\n");
    write(project, "profiles: {a: {model: near}}\n");
    assertEquals(
        "{\"a\":{\"model\":\"near\"},\"b\":{\"instructions\":\"Be brief.\",\"options\":{\"temperature\":0.2}}}",
        settings(Map.of()).profiles().text());
    write(project, "profiles: {a: {instructions: \"" + "x".repeat(65_537) + "\"}}\n");
    assertTrue(run(Map.of(), "whoami").err().contains("instructions are a text of at most 65536 bytes"));
  }

  @Test
  @DisplayName("paths in a file are of its own folder or of the home")
  void paths() throws IOException {
    write(user, "key_file: ~/my.key\nca_file: ca.pem\ndata: /srv/holdfast\n");
    Settings settings = settings(Map.of("HOME", "/h"));
    assertEquals("/h/my.key", settings.value(Settings.Name.KEY_FILE));
    assertEquals(user.resolveSibling("ca.pem").toString(), settings.value(Settings.Name.CA_FILE));
    assertEquals("/srv/holdfast", settings.value(Settings.Name.DATA));
  }

  @Test
  @DisplayName("where no file is, no command pays for YAML: none of its classes are loaded")
  void lazy() throws Exception {
    assertEquals(0, yamlClasses());
    write(user, "output: wide\n");
    assertTrue(yamlClasses() > 0);
  }

  private long yamlClasses() throws Exception {
    Path loaded = folder.resolve("loaded.txt");
    Finished.of(DaemonProcess.command(Map.of("XDG_CONFIG_HOME", folder.resolve("home").toString(), "JAVA_TOOL_OPTIONS",
        "-Xlog:class+load:file=" + loaded), List.of("version")));
    try (var lines = Files.lines(loaded)) {
      return lines.filter(line -> line.contains(" org.snakeyaml.")).count();
    }
  }

  @Test
  @DisplayName("a password in an address is in no message")
  void password() {
    Finished refused = run(Map.of("HOLDFAST_URL", "http://me:hush@127.0.0.1:1"), "whoami", "-v");
    assertEquals(ExitCode.UNREACHABLE, refused.exitCode());
    assertTrue(refused.err().contains("http://***@127.0.0.1:1"), refused.err());
    assertFalse(refused.err().contains("hush"), refused.err());
  }

  @Test
  @DisplayName("the documented sample file has no problem")
  void sample() {
    Path sample = Path.of("..", "docs", "deploy", "config.yaml");
    Finished checked = Finished.inProcess(Map.of(), "config", "check", sample.toString());
    assertEquals(ExitCode.OK, checked.exitCode(), checked.out() + checked.err());
  }
}
