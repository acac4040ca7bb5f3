package dev.holdfast.cli;

import dev.holdfast.cli.access.KeyAdvice;
import dev.holdfast.cli.access.configuration.Places;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The program. */
public final class Main {
  /** What picocli says where a command's name ends too early; it has no type for it. */
  private static final String NO_VERB = "Missing required subcommand";

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
    line.setParameterExceptionHandler((e, _) -> misspelled(e, screen));
    line.setExecutionExceptionHandler((e, _, _) -> failed(e, program, screen));
    return line;
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

  private static int misspelled(CommandLine.ParameterException e, Screen screen) {
    CommandLine at = e.getCommandLine();
    if (NO_VERB.equals(e.getMessage())) {
      at.usage(at.getErr());
      return ExitCode.USAGE;
    }
    screen.talk("holdfast: " + Objects.requireNonNullElse(unknownCommand(e), e.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, at.getErr());
    at.getErr().flush();
    screen.talk("  try: " + at.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static int failed(Throwable thrown, Holdfast program, Screen screen) {
    return switch (thrown) {
      case Refusal refusal -> {
        KeyAdvice.advise(refusal, program.settings());
        screen.talk(refusal.lines());
        yield refusal.exitCode();
      }
      case StoreException store -> failed(Refusal.of(store), program, screen);
      case Screen.ReaderGone _ -> ExitCode.FAILED;
      case InvalidPathException path -> failed(Refusal.of(Reason.INVALID_REQUEST, "\"" + path.getInput()
          + "\" is no path here; letters beyond ASCII need a UTF-8 locale, as with LC_ALL=C.UTF-8"), program, screen);
      // A framework's exception around it says nothing to a user.
      case Throwable _ when thrown.getCause() != null -> failed(thrown.getCause(), program, screen);
      default -> {
        screen.talk("holdfast: something went wrong in the command itself: " + thrown);
        yield ExitCode.FAILED;
      }
    };
  }
}
