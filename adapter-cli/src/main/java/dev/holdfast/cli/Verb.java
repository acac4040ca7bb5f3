package dev.holdfast.cli;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command has at hand. Its call answers the exit code. */
public abstract class Verb implements Callable<Integer> {
  /** How long a reader waits for a node that went away. */
  protected static final Duration PATIENCE = Duration.ofSeconds(60);
  protected static final int PAGE = 256;

  @Spec
  @SuppressWarnings("NullAway.Init")
  protected CommandSpec spec;

  private Holdfast holdfast() {
    return (Holdfast) spec.root().userObject();
  }

  protected Screen screen() {
    return holdfast().screen();
  }

  protected Settings settings() {
    return holdfast().settings();
  }

  protected Output output() {
    return new Output(screen(), Output.Format.of(settings().required(Settings.Name.OUTPUT)));
  }

  protected Client client() {
    return holdfast().client(settings());
  }

  protected EventStream stream(String path) {
    return new EventStream(client(), screen(), PATIENCE, path);
  }

  /**
   * A list from the node, page by page.
   *
   * @param path without {@code after} and {@code limit}
   * @param most items wanted
   */
  protected List<Json> items(String path, int most) {
    return items(path, most, "");
  }

  /** @param start the place behind which the list begins; empty for its beginning */
  protected List<Json> items(String path, int most, String start) {
    List<Json> items = new ArrayList<>();
    String after = start;
    while (true) {
      int limit = Math.min(PAGE, most - items.size());
      Json page = client().object(path + (path.contains("?") ? "&" : "?") + "limit=" + limit
          + (after.isEmpty() ? "" : "&after=" + Client.encoded(after)));
      items.addAll(list(page, "items"));
      if (!(page.members().get("next") instanceof String next) || items.size() >= most) {
        return items;
      }
      after = next;
    }
  }

  /**
   * Whether to go on with what can't be brought back. A person at a terminal is asked, unless with {@code --yes}; a script has said
   * what it wants.
   */
  protected boolean isConfirmed(String question) {
    boolean confirmed = holdfast().isConfirmed() || screen().confirms(question);
    if (!confirmed) {
      screen().talk("nothing was changed");
    }
    return confirmed;
  }

  /** A member that is a list, item by item. */
  protected static List<Json> list(Json object, String member) {
    return object.members().get(member) instanceof List<?> list ? list.stream().map(Json::of).toList() : List.of();
  }

  /** A member's text, by its path; null when it isn't there. */
  public static @Nullable String text(Json object, String path) {
    Object value = object.value();
    for (String member : path.split("\\.")) {
      value = value instanceof Map<?, ?> map ? map.get(member) : null;
    }
    return value == null ? null : value.toString();
  }

  /** The folder of the user's own configuration; null where the environment names none. */
  protected @Nullable Path userFolder() {
    return holdfast().userFolder();
  }

  /** Whether somebody types at a terminal and reads there. */
  protected boolean isDialogue() {
    return Screen.isTerminal(0) && screen().isTerminal();
  }

  /** The words of a command line as one text, with standard input where they say {@code -} or are none at all. */
  protected String textOrStdin(List<String> words) {
    String text = textOrNull(words);
    if (text == null) {
      throw Refusal.of(Reason.INVALID_REQUEST, "no text: give it as an argument or on standard input");
    }
    return text;
  }

  /** As {@link #textOrStdin}; null when there is none. What somebody types is read only where {@code -} asks for it. */
  protected @Nullable String textOrNull(List<String> words) {
    if (words.isEmpty() && Screen.isTerminal(0)) {
      return null;
    }
    List<String> all = words.isEmpty() ? List.of("-") : words;
    String text =
        String.join(" ", all.stream().map(word -> word.equals("-") ? "\n" + standardInput() : word).toList()).strip();
    return text.isBlank() ? null : text;
  }

  private static String standardInput() {
    try {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      throw Refusal.of(Reason.INVALID_REQUEST, "standard input can't be read");
    }
  }
}
