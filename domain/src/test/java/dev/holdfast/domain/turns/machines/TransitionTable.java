package dev.holdfast.domain.turns.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every state of a machine × every command on it, with what is answered and the state behind it, written by hand from the
 * spec. The tests play each row; the diagrams of the docs are drawn from the same rows.
 *
 * @param entries the states that something can begin in
 */
public record TransitionTable(String name, List<String> entries, List<Row> rows) {

  /** @param then the state behind the command */
  public record Row(String state, String command, String answer, String then) {
    @Override
    public String toString() {
      return state + ", " + command + ": " + answer + (then.equals(state) ? "" : " → " + then);
    }
  }

  public TransitionTable {
    entries = List.copyOf(entries);
    rows = List.copyOf(rows);
  }

  /**
   * A table from its text: a state in a line of its own, with a star where something can begin in it, and below it, indented, a line {@code command: answer → then} for
   * each command. Without an arrow the state stays.
   */
  public static TransitionTable of(String name, String text) {
    List<String> entries = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    String state = "";
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      if (!line.startsWith(" ")) {
        state = line.replace("* ", "").strip();
        if (line.startsWith("* ")) {
          entries.add(state);
        }
        continue;
      }
      String[] sides = line.strip().split(": ", 2);
      String[] result = sides[1].split(" → ", 2);
      rows.add(new Row(state, sides[0], result[0], result.length == 2 ? result[1] : state));
    }
    return new TransitionTable(name, entries, rows);
  }

  public List<String> states() {
    return rows.stream().map(Row::state).distinct().toList();
  }

  public List<String> commands() {
    return rows.stream().map(Row::command).distinct().toList();
  }

  /** Fails unless there is one row for each state and command, and every state behind a command is a state of the table. */
  public void assertWhole() {
    Set<List<String>> covered = new HashSet<>();
    rows.forEach(row -> assertEquals(true, covered.add(List.of(row.state(), row.command())), "twice: " + row));
    Set<List<String>> wanted = new HashSet<>();
    states().forEach(state -> commands().forEach(command -> wanted.add(List.of(state, command))));
    wanted.removeAll(covered);
    assertEquals(Set.of(), wanted, name + ": rows that are missing");
    rows.forEach(row -> assertEquals(true, states().contains(row.then()), name + ": no state " + row.then()));
  }

  /** The moves between states as a Mermaid diagram; what changes no state isn't drawn. */
  public String diagram() {
    var text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
    drawn().forEach(state -> text.append("    state \"").append(state).append("\" as ").append(id(state)).append('\n'));
    entries.forEach(entry -> text.append("    [*] --> ").append(id(entry)).append('\n'));
    Map<List<String>, List<String>> moves = rows.stream().filter(row -> !row.then().equals(row.state()))
        .collect(Collectors.groupingBy(row -> List.of(row.state(), row.then()), LinkedHashMap::new,
            Collectors.mapping(Row::command, Collectors.toList())));
    moves.forEach((ends, commands) -> text.append("    ").append(id(ends.getFirst())).append(" --> ")
        .append(id(ends.getLast())).append(" : ").append(String.join(" · ", commands)).append('\n'));
    return text.append("```\n").toString();
  }

  /** All but those that nothing begins in and nothing leaves or reaches. */
  private List<String> drawn() {
    return states().stream().filter(state -> entries.contains(state) || rows.stream().anyMatch(
        row -> !row.then().equals(row.state()) && (row.state().equals(state) || row.then().equals(state)))).toList();
  }

  /** The whole table in Markdown, a line per command. */
  public String matrix() {
    var text = new StringBuilder("| |");
    states().forEach(state -> text.append(' ').append(state).append(" |"));
    text.append("\n|---|").append("---|".repeat(states().size())).append('\n');
    for (String command : commands()) {
      text.append("| ").append(command).append(" |");
      for (String state : states()) {
        Row row = rows.stream().filter(r -> r.state().equals(state) && r.command().equals(command)).findFirst()
            .orElseThrow();
        text.append(' ').append(row.answer());
        text.append(row.then().equals(state) ? "" : " → **" + row.then() + "**").append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String id(String state) {
    return state.replaceAll("[^a-z0-9]+", "_");
  }
}
