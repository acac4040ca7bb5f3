package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
  private static final Map<String, String> NOTHING = Map.of();

  static Stream<String> commands() {
    List<String> names = new ArrayList<>();
    collect(Main.commandLine(NOTHING, Screen.ofProcess()), "", names);
    return names.stream();
  }

  private static void collect(CommandLine line, String path, List<String> names) {
    Set<CommandLine> verbs = new LinkedHashSet<>(line.getSubcommands().values());
    for (CommandLine verb : verbs) {
      String name = (path + " " + verb.getCommandName()).strip();
      names.add(name);
      collect(verb, name, names);
    }
  }

  @ParameterizedTest(name = "holdfast {0}")
  @MethodSource("commands")
  @DisplayName("every command explains itself, with examples")
  void explainsItself(String command) {
    var words = new ArrayList<>(List.of(command.split(" ")));
    words.add("--help");
    Finished help = Finished.inProcess(NOTHING, words.toArray(String[]::new));
    assertEquals(ExitCode.OK, help.exitCode());
    assertTrue(help.out().startsWith("Usage: holdfast " + command), help.out());
    assertTrue(help.out().contains("\nExamples:\n  "), help.out());
    assertEquals("", help.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "worker list", "worker ls", "worker create", "worker add", "input send", "provider rm", "provider remove",
    "provider add", "provider create", "model default", "event follow", "runtime start", "completion"})
  @DisplayName("the names that scripts rely on are there, with their other spellings")
  void namesAreThere(String command) {
    CommandLine line = Main.commandLine(NOTHING, Screen.ofProcess());
    for (String word : command.split(" ")) {
      line = Objects.requireNonNull(line.getSubcommands().get(word), command);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrker list", "worker lst", "worker list --stats x", "serve --port many",
    "completion fish", "worker show", "-o xml version"})
  @DisplayName("A-A25 exit code 2: a command line that is not one")
  void usage(String command) {
    Finished wrong = Finished.inProcess(NOTHING, command.isEmpty() ? new String[0] : command.split(" "));
    assertEquals(ExitCode.USAGE, wrong.exitCode(), wrong.err());
    assertTrue(wrong.err().contains("try: "), wrong.err());
    assertEquals("", wrong.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "worker"})
  @DisplayName("A-A25 exit code 2: a name that goes on is explained, without being told off")
  void tooShort(String command) {
    Finished wrong = Finished.inProcess(NOTHING, command.isEmpty() ? new String[0] : command.split(" "));
    assertEquals(ExitCode.USAGE, wrong.exitCode(), wrong.err());
    assertTrue(wrong.err().startsWith(command.isEmpty() ? "Keeps AI agents" : "Usage: holdfast worker"), wrong.err());
    assertFalse(wrong.err().contains("Missing required") || wrong.err().contains("try: "), wrong.err());
    assertEquals("", wrong.out());
  }

  @Test
  @DisplayName("a command that isn't there is named, with the one that was probably meant")
  void unknownCommand() {
    String wrong = Finished.inProcess(NOTHING, "wrker", "list").err();
    assertTrue(wrong.startsWith("holdfast: unknown command wrker\n") && wrong.contains("worker"), wrong);
    assertTrue(Finished.inProcess(NOTHING, "bogus").err().startsWith("holdfast: unknown command bogus\n"));
    assertTrue(Finished.inProcess(NOTHING, "worker", "lst").err().startsWith("holdfast: unknown command worker lst\n"));
  }

  @Test
  @DisplayName("global options are taken before and behind the command")
  void globalOptions() {
    Finished before = Finished.inProcess(NOTHING, "-o", "json", "--data", "/d", "config", "show", "--origin");
    Finished behind = Finished.inProcess(NOTHING, "config", "show", "--origin", "--data", "/d", "-o", "json");
    assertEquals(before, behind);
    assertTrue(before.out().contains("{\"name\":\"data\",\"origin\":\"--data\",\"value\":\"/d\"}"), before.out());
  }

  @Test
  @DisplayName("following a worker asks for its open turn, and where there is none for its newest, page by page")
  void newestTurn() {
    StubNode.Answer ended =
        StubNode.stream("id: 1-1\nevent: output.end\ndata: {\"attempt\":1,\"outcome\":\"completed\","
            + "\"reason\":null,\"head_revision\":1}\n\n");
    StubNode.Answer turn = StubNode.json(200, "{\"turn_id\":\"turn-2\",\"session_id\":\"w\"}");
    try (var node = new StubNode(StubNode.json(200, "{\"session\":{\"open_turn_id\":\"turn-2\"}}"), turn, ended)) {
      assertEquals(List.of("/api/v1/workers/w", "/api/v1/turns/turn-2", "/api/v1/turns/turn-2/output"), followed(node));
    }
    try (var node = new StubNode(StubNode.json(200, "{\"session\":{}}"),
        StubNode.json(200, "{\"items\":[{\"turn_id\":\"turn-1\",\"session_id\":\"w\"}],\"next\":\"1\"}"),
        StubNode.json(200, "{\"items\":[{\"turn_id\":\"turn-2\",\"session_id\":\"w\"}]}"), ended)) {
      assertEquals(List.of("/api/v1/workers/w", "/api/v1/workers/w/turns?limit=256",
          "/api/v1/workers/w/turns?limit=256&after=1", "/api/v1/turns/turn-2/output"), followed(node));
    }
  }

  @Test
  @DisplayName("a turn is followed also where the node is away to begin with, which is told; the time for an answer bounds the wait")
  void followedFromTheStart() {
    StubNode.Answer ended =
        StubNode.stream("id: 1-1\nevent: output.end\ndata: {\"attempt\":1,\"outcome\":\"completed\","
            + "\"reason\":null,\"head_revision\":1}\n\n");
    try (var node = new StubNode(StubNode.silence(), StubNode.silence(),
        StubNode.json(200, "{\"turn_id\":\"turn-2\",\"session_id\":\"w\"}"), ended)) {
      Map<String, String> environment = Map.of("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere");
      Finished followed = Finished.inProcess(environment, "turn", "follow", "turn-2", "-o", "ndjson");
      assertEquals(ExitCode.OK, followed.exitCode(), followed.err());
      assertEquals("nothing answers at " + node.url() + "; waiting for the node to come up…\n", followed.err());
    }
    Finished never = Finished.inProcess(Map.of("HOLDFAST_URL", "http://127.0.0.1:1", "HOLDFAST_DATA", "/nowhere"),
        "turn", "follow", "turn-2", "--timeout", "1");
    assertEquals(ExitCode.UNREACHABLE, never.exitCode(), never.err());
    assertTrue(never.err().contains("; waiting for the node"), never.err());
  }

  private static List<String> followed(StubNode node) {
    Map<String, String> environment = Map.of("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere");
    Finished followed =
        Finished.inProcess(environment, "turn", "follow", "--worker", "w", "-o", "ndjson");
    assertEquals(ExitCode.OK, followed.exitCode(), followed.err());
    return node.requests().stream().map(request -> request.getRequestURI().toString()).toList();
  }

  @Test
  @DisplayName("a provider's address is not mistaken for the node's")
  void providerAddress() {
    try (var node = new StubNode(StubNode.json(200, "{\"name\":\"local\",\"url\":\"http://127.0.0.1:9/v1\"}"))) {
      Finished added = Finished.inProcess(NOTHING, "--url", node.url(), "provider", "add", "local", "--url",
          "http://127.0.0.1:9/v1");
      assertEquals(ExitCode.OK, added.exitCode(), added.err());
      assertEquals("/api/v1/providers", node.requests().getFirst().getRequestURI().getPath());
    }
  }

  @Test
  @DisplayName("completion for both shells knows the commands")
  void completion() {
    Finished bash = Finished.inProcess(NOTHING, "completion", "bash");
    assertTrue(bash.out().startsWith("#!/usr/bin/env bash"));
    assertTrue(bash.out().contains("transcript"));
    assertTrue(Finished.inProcess(NOTHING, "completion", "zsh").out().contains("bashcompinit"));
  }

  @Test
  @DisplayName("version as text and as JSON")
  void version() {
    assertTrue(Finished.inProcess(NOTHING, "version").out().startsWith("holdfast  "));
    assertTrue(Finished.inProcess(NOTHING, "version", "-o", "json").json().members().containsKey("version"));
  }
}
