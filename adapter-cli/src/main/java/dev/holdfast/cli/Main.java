package dev.holdfast.cli;

import dev.holdfast.cli.access.KeyAdvice;
import dev.holdfast.cli.access.configuration.Places;
import dev.holdfast.cli.access.configuration.StoredBackend;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    int exitCode = run(environment, Places.of(environment), Screen.ofProcess(), args);
    // Threads that wait for something must not keep a finished command alive.
    System.exit(exitCode);
  }

  /** One command from its words to its exit code. */
  static int run(Map<String, String> environment, Places places, Screen screen, String... args) {
    String[] words = spelled(args);
    return commandLine(new Holdfast(environment, places, screen), screen, words).execute(words);
  }

  /** What people try first, in the words of the commands: {@code help worker}, {@code --version}. */
  private static String[] spelled(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    switch (words.isEmpty() ? "" : words.getFirst()) {
      case "-V", "--version" -> words.set(0, "version");
      case "help" -> {
        words.removeFirst();
        words.add("--help");
      }
      default -> {
        // As it is.
      }
    }
    return words.toArray(String[]::new);
  }

  /** To look at, not to run: the commands as they are with no configuration file. */
  static CommandLine commandLine(Map<String, String> environment, Screen screen) {
    return commandLine(new Holdfast(environment, new Places(null, null, null), screen), screen);
  }

  /** @param args the commands that are described are those that these words need */
  private static CommandLine commandLine(Holdfast program, Screen screen, String... args) {
    var line = new CommandLine(program);
    Commands.neededBy(args).forEach(line::addSubcommand);
    line.setExecutionStrategy(new CommandLine.RunLast());
    line.setOut(new PrintWriter(Screen.writer(screen::piece), true));
    line.setErr(new PrintWriter(Screen.writer(text -> screen.talk(text.stripTrailing())), true));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setUsageHelpWidth(110);
    line.setUsageHelpLongOptionsMaxWidth(34);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    var ending = new Ending(program, screen, args);
    line.setParameterExceptionHandler((e, _) -> ending.misspelled(e));
    line.setExecutionExceptionHandler((e, _, _) -> ending.failed(e));
    return line;
  }

  /**
   * The end of a command that failed: lines for people, and one JSON object on standard error where answers are JSON (spec A-105). All
   * commands end here.
   */
  private static final class Ending {
    /** What picocli says where a command's name ends too early; it has no type for it. */
    private static final String NO_VERB = "Missing required subcommand";

    private final Holdfast program;
    private final Screen screen;
    private final List<String> words;

    Ending(Holdfast program, Screen screen, String... words) {
      this.program = program;
      this.screen = screen;
      this.words = List.of(words);
    }

    /** The words may be ones of which nothing was understood. */
    private boolean isJson() {
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        if ((word.equals("-o") || word.equals("--output")) && i + 1 < words.size()) {
          return isJson(words.get(i + 1));
        }
        if (word.startsWith("--output=") || (word.startsWith("-o") && word.length() > 2)) {
          return isJson(word.replaceFirst("^(--output=|-o=?)", ""));
        }
      }
      try {
        return isJson(program.settings().required(Settings.Name.OUTPUT));
      } catch (Refusal e) {
        return false;
      }
    }

    private static boolean isJson(String format) {
      return format.equals("json") || format.equals("ndjson");
    }

    /** @return null when something else than a command's name is wrong */
    private static @Nullable String unknownCommand(CommandLine.ParameterException e) {
      if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)
          || e.getCommandLine().getSubcommands().isEmpty()
          || unmatched.getUnmatched().isEmpty() || unmatched.getUnmatched().getFirst().startsWith("-")) {
        return null;
      }
      String parent = e.getCommandLine().getCommandSpec().qualifiedName().replaceFirst("^holdfast ?", "");
      return "unknown command " + (parent + " " + unmatched.getUnmatched().getFirst()).strip();
    }

    /** @return the exit code */
    int misspelled(CommandLine.ParameterException e) {
      CommandLine at = e.getCommandLine();
      String message = Objects.requireNonNullElse(unknownCommand(e), e.getMessage());
      String help = at.getCommandSpec().qualifiedName() + " --help";
      if (isJson()) {
        Reason reason = Reason.INVALID_REQUEST;
        screen.talk(Refusal.of(reason.code(), message, ExitCode.USAGE).next(help).json().text());
        return ExitCode.USAGE;
      }
      if (NO_VERB.equals(e.getMessage())) {
        at.usage(at.getErr());
        return ExitCode.USAGE;
      }
      screen.talk("holdfast: " + message);
      CommandLine.UnmatchedArgumentException.printSuggestions(e, at.getErr());
      at.getErr().flush();
      screen.talk("  try: " + help);
      return ExitCode.USAGE;
    }

    /** @return the exit code */
    int failed(Throwable thrown) {
      return switch (thrown) {
        case Refusal refusal -> {
          KeyAdvice.advise(refusal, program.settings());
          yield told(refusal, refusal.lines());
        }
        case StoreException store -> failed(isOfAnotherBackend(store)
            ? Refusal.of(store).ofUsage()
            : Refusal.of(store));
        case Screen.ReaderGone _ -> ExitCode.FAILED;
        case InvalidPathException path -> failed(Refusal.of(Reason.INVALID_REQUEST, "\"" + path.getInput()
            + "\" is no path here; letters beyond ASCII need a UTF-8 locale, as with LC_ALL=C.UTF-8"));
        // A framework's exception around it says nothing to a user.
        case Throwable _ when thrown.getCause() != null -> failed(thrown.getCause());
        default -> {
          String message = "something went wrong in the command itself: " + thrown;
          yield told(Refusal.of(Reason.INTERNAL.code(), message, ExitCode.FAILED), "holdfast: " + message);
        }
      };
    }

    private int told(Refusal refusal, String lines) {
      screen.talk(isJson() ? refusal.json().text() : lines);
      return refusal.exitCode();
    }

    /** Nothing is wrong with the store then, but with what was asked for. */
    private boolean isOfAnotherBackend(StoreException failure) {
      Settings settings = program.settings();
      return failure.reason() == Reason.SCHEMA_MISMATCH && settings.isExplicit(Settings.Name.STORE)
          && StoredBackend.of(Path.of(settings.required(Settings.Name.DATA)))
              .filter(held -> !held.equals(settings.required(Settings.Name.STORE))).isPresent();
    }
  }
}
