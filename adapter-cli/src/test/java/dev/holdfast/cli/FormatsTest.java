package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** The forms of A-101, over every command that lists or shows something: a new one is found by its name. */
class FormatsTest {
  private static final Set<String> SHOWING = Set.of("list", "show", "transcript", "whoami", "version");

  /** Has the members by which any of the commands finds what it shows. */
  private static final Json ANSWER = Json.parse("""
      {"items": [ITEM], "events": [ITEM], "attempts": [ITEM], "has_more": false, "name": "n", "worker_id": "worker-1",
       "turn_id": "turn-1", "session_id": "worker-1", "input_id": "input-1", "runtime_id": "r", "key_id": "k", "data_dir_id": "dd-1", "sequence": 1, "seq": 1,
       "publisher_id": "pub-1", "task_id": "task-1",
       "content": "yes: no\\nmore", "status": "running"}
      """.replace("ITEM", """
      {"id": 1, "name": "event.name", "worker_id": "worker-1", "turn_id": "turn-1", "input_id": "input-1", "seq": 1,
       "batch_id": "batch-1", "publisher_id": "pub-1", "task_id": "task-1", "key_id": "k", "sequence": 1, "content": "yes: no\\nmore", "at": "2026-11-21T11:00:00.000Z", "number": 1}
      """));

  static Stream<List<String>> commands() {
    List<List<String>> found = new ArrayList<>();
    collect(Main.commandLine(Map.of(), Screen.ofProcess()), List.of(), found);
    assertTrue(found.size() >= 12, found.toString());
    return found.stream();
  }

  private static void collect(CommandLine line, List<String> path, List<List<String>> found) {
    for (CommandLine verb : new LinkedHashSet<>(line.getSubcommands().values())) {
      List<String> words = new ArrayList<>(path);
      words.add(verb.getCommandName());
      if (SHOWING.contains(verb.getCommandName())) {
        verb.getCommandSpec().positionalParameters().stream().filter(p -> p.arity().min() > 0)
            .forEach(_ -> words.add("x"));
        found.add(words);
      }
      collect(verb, words, found);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  @DisplayName("A-101 every form of every list and every object")
  void everyForm(List<String> command) {
    Json json = printed(command, "json").json();
    // The form itself is one of the settings that are shown.
    assertEquals(json,
        Json.parse(Json.of(yaml(printed(command, "yaml").out())).text().replace("\"yaml\"", "\"json\"")));
    for (String line : printed(command, "ndjson").out().lines().toList()) {
      assertFalse(Json.parse(line).members().isEmpty(), line);
    }
    List<String> names = printed(command, "name").out().lines().toList();
    assertFalse(names.isEmpty());
    assertTrue(names.stream().noneMatch(name -> name.isBlank() || name.contains("  ")), names.toString());
    assertTrue(firstLine(command, "wide").length() >= firstLine(command, "table").length());
  }

  private static String firstLine(List<String> command, String form) {
    return printed(command, form).out().lines().findFirst().orElseThrow();
  }

  private static Finished printed(List<String> command, String form) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("-o", form));
    try (var node = new StubNode(StubNode.json(200, ANSWER.text()))) {
      Finished printed =
          Finished.inProcess(Finished.environment("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere"),
              words.toArray(String[]::new));
      assertEquals(ExitCode.OK, printed.exitCode(), printed.err());
      return new Finished(0, printed.out().replace(node.url(), "http://node"), printed.err());
    }
  }

  private static Object yaml(String text) {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }
}
