package dev.holdfast.cli.access.configuration;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a setting's text looks like, wherever it comes from. */
public enum Form {
  /** Any text of one line. */
  TEXT("a text of one line", "[^\\p{Cntrl}]+"),
  ADDRESS("an address such as https://box:7400", "https?://[^\\s/?#]+(/[^\\s?#]*)?"),
  /** A file or folder; in a configuration file one may begin with {@code ~/} or at the file's own folder. */
  FILE("a file or folder", "[^\\p{Cntrl}]+"),
  BACKEND("one of sqlite, filesystem, memory", "sqlite|filesystem|memory"),
  OUTPUT("one of table, wide, json, yaml, ndjson, name", "table|wide|json|yaml|ndjson|name"),
  PORT("a number from 0 to 65535", "[0-9]{1,5}"),
  /** A time to wait, so that none at all makes no sense. */
  PATIENCE("a number of seconds", "[1-9][0-9]{0,5}"),
  SECONDS("a number of seconds", "0|[1-9][0-9]{0,5}"),
  COUNT("a whole number above 0", "[1-9][0-9]{0,8}"),
  SWITCH("true or false", "true|false"),
  /** In a configuration file a list, elsewhere with commas between them. */
  WORDS("names with commas between them", "[^\\s,]+( *, *[^\\s,]+)*");

  private static final int MAX_PORT = 65_535;

  private final String wanted;
  private final Pattern pattern;

  Form(String wanted, String pattern) {
    this.wanted = wanted;
    this.pattern = Pattern.compile(pattern);
  }

  /** What a user is told that it is. */
  public String wanted() {
    return wanted;
  }

  public boolean suits(String text) {
    return pattern.matcher(text).matches() && (this != PORT || Integer.parseInt(text) <= MAX_PORT);
  }

  /** @return the text of a value as a file has it, or null when it is of another type */
  @Nullable
  String text(Located value) {
    return switch (this) {
      case TEXT, ADDRESS, FILE, BACKEND, OUTPUT -> value.value() instanceof String text ? text : null;
      case PORT, PATIENCE, SECONDS, COUNT -> value.value() instanceof Long number ? number.toString() : null;
      case SWITCH -> value.value() instanceof Boolean on ? on.toString() : null;
      case WORDS -> switch (value.value()) {
        case String text -> text;
        case List<?> list when !list.isEmpty() && list.stream().allMatch(String.class::isInstance) ->
          String.join(",", list.stream().map(String::valueOf).toList());
        case null, default -> null;
      };
    };
  }

  /** The same as {@link #wanted}, for a configuration file. */
  String wantedInFile() {
    return this == WORDS ? "a list of names" : wanted;
  }
}
