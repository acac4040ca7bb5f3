package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutputTest {
  private static final List<Column> COLUMNS =
      List.of(Column.of("WORKER", "ref.id"), Column.wide("OWNER", "owner"), Column.of("FOR", "for"));
  private static final List<Json> TWO = List.of(
      Json.parse("{\"ref\":{\"id\":\"worker-00000001\"},\"owner\":\"default\",\"for\":\"notes\\u001b[31m\\nmore\"}"),
      Json.parse("{\"ref\":{\"id\":\"w\"},\"for\":null}"));

  private static String printed(boolean terminal, Output.Format format, Consumer<Output> what) {
    var out = new ByteArrayOutputStream();
    var screen = new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, terminal, false);
    what.accept(new Output(screen, format));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("a table is aligned, and control characters of users' texts do nothing")
  void table() {
    assertEquals("""
        WORKER           FOR
        worker-00000001  notes [31m more
        w
        """, printed(false, Output.Format.TABLE, output -> output.list(TWO, COLUMNS)));
  }

  @Test
  @DisplayName("a wide table has more columns")
  void wide() {
    assertEquals("""
        WORKER           OWNER    FOR
        worker-00000001  default  notes [31m more
        w
        """, printed(false, Output.Format.WIDE, output -> output.list(TWO, COLUMNS)));
  }

  @Test
  @DisplayName("names alone, for loops of shells")
  void names() {
    assertEquals("worker-00000001\nw\n", printed(false, Output.Format.NAME, output -> output.list(TWO, COLUMNS)));
  }

  @Test
  @DisplayName("JSON is one document, ndjson one per item")
  void json() {
    List<Json> items = List.of(Json.object("a", 1), Json.object("a", 2));
    assertEquals("{\"items\":[{\"a\":1},{\"a\":2}]}\n",
        printed(false, Output.Format.JSON, output -> output.list(items, COLUMNS)));
    assertEquals("{\"a\":1}\n{\"a\":2}\n",
        printed(false, Output.Format.NDJSON, output -> output.list(items, COLUMNS)));
  }

  @Test
  @DisplayName("one object is shown by its members, without those that it lacks")
  void one() {
    assertEquals("WORKER  w\n", printed(false, Output.Format.TABLE, output -> output.one(TWO.getLast(), COLUMNS)));
  }

  @Test
  @DisplayName("only a terminal gets colour and cut cells")
  void terminal() {
    Json longOne = Json.object("for", "x".repeat(100));
    List<Column> column = List.of(Column.of("FOR", "for"));
    assertEquals("\u001b[1mFOR\u001b[0m\n" + "x".repeat(59) + "…\n",
        printed(true, Output.Format.TABLE, output -> output.list(List.of(longOne), column)));
    assertEquals("FOR\n" + "x".repeat(100) + "\n",
        printed(false, Output.Format.TABLE, output -> output.list(List.of(longOne), column)));
  }

  @Test
  @DisplayName("YAML is the same document in block style; what a reader would take for something else is quoted")
  void yaml() {
    Json item = Json.parse("{\"id\":\"w\",\"on\":\"true\",\"of\":[1,2.5,null],\"text\":\"a\\u001b: b\\n\"}");
    assertEquals("""
        id: w
        of:
        - 1
        - 2.5
        - null
        on: 'true'
        text: "a\\e: b\\n"
        """, printed(false, Output.Format.YAML, output -> output.one(item, COLUMNS)));
    assertEquals("items:\n- a: 1\n",
        printed(false, Output.Format.YAML, output -> output.list(List.of(Json.object("a", 1)), COLUMNS)));
    assertEquals("---\na: 1\n",
        printed(false, Output.Format.YAML, output -> output.row(Json.object("a", 1), COLUMNS)));
  }
}
