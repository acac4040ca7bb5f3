package dev.holdfast.cli;

import dev.holdfast.domain.integrity.StoreException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int exitCode = run(System.getenv(), Screen.ofProcess(), args);
    // Threads that wait for something must not keep a finished command alive.
    System.exit(exitCode);
  }

  /** One command from its words to its exit code. */
  static int run(Map<String, String> environment, Screen screen, String... args) {
    return commandLine(environment, screen, args).execute(args);
  }

  /** @param args the commands that are described are those that these words need */
  static CommandLine commandLine(Map<String, String> environment, Screen screen, String... args) {
    var line = new CommandLine(new Holdfast(environment, screen));
    Commands.neededBy(args).forEach(line::addSubcommand);
    line.setExecutionStrategy(new CommandLine.RunLast());
    line.setOut(new PrintWriter(new ScreenWriter(screen::piece), true));
    line.setErr(new PrintWriter(new ScreenWriter(text -> screen.talk(text.stripTrailing())), true));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setUsageHelpWidth(110);
    line.setUsageHelpLongOptionsMaxWidth(34);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((e, _) -> {
      CommandLine at = e.getCommandLine();
      screen.talk("holdfast: " + e.getMessage());
      screen.talk("  try: " + at.getCommandSpec().qualifiedName() + " --help");
      return ExitCode.USAGE;
    });
    line.setExecutionExceptionHandler((e, _, _) -> failed(e, screen));
    return line;
  }

  private static int failed(Exception thrown, Screen screen) {
    return switch (thrown) {
      case Refusal refusal -> {
        screen.talk(refusal.lines());
        yield refusal.exitCode();
      }
      case StoreException store -> failed(Refusal.of(store), screen);
      case Screen.ReaderGone _ -> ExitCode.FAILED;
      default -> {
        screen.talk("holdfast: something went wrong in the command itself: " + thrown);
        yield ExitCode.FAILED;
      }
    };
  }
}
