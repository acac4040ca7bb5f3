package dev.holdfast.cli;

import java.io.Writer;
import java.util.function.Consumer;

/** Lets picocli print its help through the screen. */
final class ScreenWriter extends Writer {
  private final StringBuilder held = new StringBuilder();
  private final Consumer<String> screen;

  ScreenWriter(Consumer<String> screen) {
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
