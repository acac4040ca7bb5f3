package dev.holdfast.cli;

import dev.holdfast.cli.access.configuration.Yaml;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints answers in the form that was asked for. */
public final class Output {
  /** Longer cells are cut on a terminal; into a pipe they go whole. */
  private static final int LONGEST_CELL = 60;

  /** How an answer is printed. */
  public enum Format {
    TABLE,
    WIDE,
    JSON,
    YAML,
    NDJSON,
    NAME;

    static Format of(String text) {
      return Arrays.stream(values()).filter(f -> f.name().toLowerCase(Locale.ROOT).equals(text)).findFirst()
          .orElseThrow(() -> Refusal.of(Reason.INVALID_REQUEST,
              "the output is one of table, wide, json, yaml, ndjson, name, not " + text));
    }
  }

  private final Screen screen;
  private final Format format;

  public Output(Screen screen, Format format) {
    this.screen = screen;
    this.format = format;
  }

  /** Text of users may hold control characters, which a terminal would obey. */
  public static String oneLine(String text) {
    return text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }

  public Format format() {
    return format;
  }

  /** Whether programs read it rather than people. */
  public boolean isForPrograms() {
    return switch (format) {
      case JSON, YAML, NDJSON -> true;
      case TABLE, WIDE, NAME -> false;
    };
  }

  /** A whole answer for programs, who get every member that there is. */
  public void document(Json answer) {
    screen.piece(format == Format.YAML ? Yaml.written(answer) : answer.text() + "\n");
  }

  /** One object, by its members. */
  public void one(Json object, List<Column> columns) {
    Map<String, @Nullable Object> members = object.members();
    switch (format) {
      case JSON, YAML, NDJSON -> document(object);
      case NAME -> screen.line(columns.getFirst().in(members));
      case TABLE, WIDE -> {
        int width = columns.stream().mapToInt(column -> column.header().length()).max().orElse(0);
        for (Column column : columns) {
          String value = column.in(members);
          if (!value.isEmpty()) {
            screen.line(screen.strong(padded(column.header(), width)) + "  " + value);
          }
        }
      }
    }
  }

  /** The items of a list. */
  public void list(List<Json> items, List<Column> columns) {
    switch (format) {
      case JSON, YAML -> document(Json.object("items", items));
      case NDJSON -> items.forEach(this::document);
      case NAME -> items.forEach(item -> screen.line(columns.getFirst().in(item.members())));
      case TABLE, WIDE -> table(items, columns);
    }
  }

  /** One line of a list that grows. */
  public void row(Json item, List<Column> columns) {
    switch (format) {
      case JSON, NDJSON -> document(item);
      case YAML -> {
        screen.line("---");
        document(item);
      }
      case NAME -> screen.line(columns.getFirst().in(item.members()));
      case TABLE, WIDE -> screen.line(columns.stream().filter(c -> !c.wide() || format == Format.WIDE)
          .map(c -> c.in(item.members())).collect(Collectors.joining("  ")).stripTrailing());
    }
  }

  private void table(List<Json> items, List<Column> columns) {
    List<Column> shown = columns.stream().filter(c -> !c.wide() || format == Format.WIDE).toList();
    List<List<String>> rows = new ArrayList<>();
    rows.add(shown.stream().map(Column::header).toList());
    for (Json item : items) {
      Map<String, @Nullable Object> members = item.members();
      rows.add(shown.stream().map(column -> cell(column.in(members))).toList());
    }
    int[] widths = new int[shown.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(row.get(i)));
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(i == 0 ? "" : "  ").append(padded(rows.get(r).get(i), widths[i]));
      }
      String text = line.toString().stripTrailing();
      screen.line(r == 0 ? screen.strong(text) : text);
    }
  }

  private String cell(String text) {
    boolean cut = screen.isTerminal() && format == Format.TABLE && length(text) > LONGEST_CELL;
    return cut ? text.substring(0, text.offsetByCodePoints(0, LONGEST_CELL - 1)) + "…" : text;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - length(text)));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
