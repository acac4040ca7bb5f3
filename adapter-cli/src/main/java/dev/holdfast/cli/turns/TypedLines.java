package dev.holdfast.cli.turns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What somebody types at the terminal, edited line by line. It offers what was said before and keeps nothing itself. The only
 * class that knows the line editor, so that no other command loads it.
 */
final class TypedLines implements AutoCloseable {
  private static final int USUAL_COLUMNS = 80;
  private static final int USUAL_ROWS = 24;

  private final Terminal terminal;
  private final LineReader reader;

  private TypedLines(Terminal terminal, LineReader reader) {
    this.terminal = terminal;
    this.reader = reader;
  }

  static TypedLines open(List<String> said) {
    try {
      Terminal terminal = TerminalBuilder.builder().name("holdfast").system(true).dumb(true).nativeSignals(true)
          .signalHandler(Terminal.SignalHandler.SIG_DFL).build();
      if (terminal.getColumns() <= 0) {
        // Some containers' terminals say nothing of their size.
        terminal.setSize(Size.of(USUAL_COLUMNS, USUAL_ROWS));
      }
      LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("holdfast")
          .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
          .option(LineReader.Option.HISTORY_IGNORE_SPACE, false)
          .option(LineReader.Option.INSERT_TAB, true)
          // A text of many lines is remembered whole, by us.
          .variable(LineReader.DISABLE_HISTORY, true)
          .build();
      said.forEach(reader.getHistory()::add);
      return new TypedLines(terminal, reader);
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal can't be used", e);
    }
  }

  /** Ctrl-C was pressed while a line was being typed. */
  static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean empty;

    Abandoned(boolean empty) {
      this.empty = empty;
    }

    /** Whether nothing had been typed. */
    boolean isEmpty() {
      return empty;
    }
  }

  /**
   * The next text, of one line or several.
   *
   * @return null at the end, which is Ctrl-D on an empty line
   * @throws Abandoned after Ctrl-C
   */
  @Nullable
  String next() {
    String first = line("> ");
    if (first == null) {
      return null;
    }
    String text = ChatCommand.whole(first, () -> line("… "));
    if (!text.isBlank()) {
      reader.getHistory().add(text);
    }
    return text;
  }

  private @Nullable String line(String prompt) {
    try {
      return reader.readLine(prompt);
    } catch (EndOfFileException e) {
      return null;
    } catch (UserInterruptException e) {
      throw new Abandoned(e.getPartialLine().isBlank());
    }
  }

  /** Does something during which nothing is read: what is typed isn't shown, and Ctrl-C runs this. */
  void meanwhile(Runnable task, Runnable interrupted) {
    boolean echo = terminal.echo(false);
    Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> interrupted.run());
    try {
      task.run();
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
      terminal.echo(echo);
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal can't be given back", e);
    }
  }
}
