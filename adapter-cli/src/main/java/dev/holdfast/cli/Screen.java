package dev.holdfast.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a command writes: data to standard output, talk to standard error (spec A-101). */
public final class Screen {
  private static final String[] FRAMES = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  private static final long FRAME_MS = 100;
  /** Clears the line that the spinner is on. */
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private boolean color;
  private boolean verbose;
  private @Nullable Thread spinner;
  private boolean lineOpen;

  public Screen(PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal) {
    this.out = out;
    this.err = err;
    this.outIsTerminal = outIsTerminal;
    this.errIsTerminal = errIsTerminal;
    this.color = outIsTerminal;
  }

  static Screen ofProcess() {
    return new Screen(stream(FileDescriptor.out, 8192), stream(FileDescriptor.err, 256), isTerminal(1), isTerminal(2));
  }

  private static PrintStream stream(FileDescriptor file, int buffer) {
    return new PrintStream(new BufferedOutputStream(new FileOutputStream(file), buffer), false,
        StandardCharsets.UTF_8);
  }

  /** Whether a descriptor of this process is a terminal; Java itself only tells it of all three together. */
  static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
  }

  void setColor(boolean wanted) {
    color = wanted && outIsTerminal;
  }

  void setVerbose(boolean wanted) {
    verbose = wanted;
  }

  /** One line of talk for those who asked for more of it. */
  public void detail(String text) {
    if (verbose) {
      note(text);
    }
  }

  /**
   * Asks a person at a terminal before something is taken away.
   *
   * @return whether to go on; always where nobody is there to be asked
   */
  boolean confirms(String question) {
    if (!errIsTerminal || !isTerminal(0)) {
      return true;
    }
    stopSpinner();
    err.print(question + " [y/N] ");
    err.flush();
    String answer = typedLine().strip();
    return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
  }

  /** Byte by byte, because a reader that takes more than the line would wait for it. */
  private static String typedLine() {
    var line = new StringBuilder();
    try {
      for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
        line.append((char) c);
      }
    } catch (IOException e) {
      return "";
    }
    return line.toString();
  }

  public boolean isTerminal() {
    return outIsTerminal;
  }

  /** One line of data. */
  public void line(String text) {
    piece(text + "\n");
  }

  /** A piece of data, shown at once. */
  public void piece(String text) {
    stopSpinner();
    lineOpen = text.isEmpty() ? lineOpen : !text.endsWith("\n");
    out.print(text);
    if (out.checkError()) {
      throw new ReaderGone();
    }
  }

  /** Whoever read standard output has closed it, as {@code head} does. */
  static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Ends the line of data that is open, if there is one. */
  public void closeLine() {
    if (lineOpen) {
      line("");
    }
  }

  /** One line of talk. */
  public void talk(String text) {
    stopSpinner();
    if (outIsTerminal && errIsTerminal) {
      closeLine();
    }
    err.print(text);
    err.print('\n');
    err.flush();
  }

  /** One line of talk that only a person needs. */
  public void whisper(String text) {
    if (errIsTerminal) {
      note(text);
    }
  }

  /** One line of talk beside what is being shown: what happens to it, for people and logs alike. */
  public void note(String text) {
    talk(color && errIsTerminal ? "\u001b[2m" + text + "\u001b[0m" : text);
  }

  public String strong(String text) {
    return color ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /** Shows that something is awaited, until the next line or piece. Nothing off a terminal. */
  public synchronized void await(String what) {
    stopSpinner();
    if (!errIsTerminal || !outIsTerminal) {
      return;
    }
    spinner = Thread.ofPlatform().daemon().name("spinner").start(() -> spin(what));
  }

  private void spin(String what) {
    try {
      for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
        err.print(CLEAR + FRAMES[i % FRAMES.length] + " " + what);
        err.flush();
        Thread.sleep(FRAME_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void stopSpinner() {
    Thread running = spinner;
    if (running == null) {
      return;
    }
    spinner = null;
    running.interrupt();
    try {
      running.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    err.print(CLEAR);
    err.flush();
  }

  /** A writer whose text goes where {@code sink} puts it, at each flush. */
  static Writer writer(Consumer<String> sink) {
    return new PieceWriter(sink);
  }

  /** Lets picocli print its help through the screen. */
  private static final class PieceWriter extends Writer {
    private final StringBuilder held = new StringBuilder();
    private final Consumer<String> screen;

    PieceWriter(Consumer<String> screen) {
      this.screen = screen;
    }

    @Override
    public void write(char[] text, int from, int length) {
      held.append(text, from, length);
    }

    @Override
    public void flush() {
      if (!held.isEmpty()) {
        screen.accept(held.toString());
        held.setLength(0);
      }
    }

    @Override
    public void close() {
      flush();
    }
  }
}
