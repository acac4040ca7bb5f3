package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.records.Changes;
import dev.holdfast.domain.integrity.records.format.JsonOut;
import java.util.List;

/** Rows on their way to be the lines of an export, and what those add up to. For one thread at a time. */
public final class Lines {
  private final JsonOut out = new JsonOut();
  private final ExportSum.Counting sum = new ExportSum.Counting();
  private final Sized sized;
  private final Taker to;

  /** Takes a row and the bytes of its line. */
  @FunctionalInterface
  public interface Sized {
    void take(Change row, int bytes);
  }

  /** Takes lines, each with its newline: the first bytes of an array that is used again. */
  @FunctionalInterface
  public interface Taker {
    void take(byte[] bytes, int length);
  }

  public Lines(Sized sized, Taker to) {
    this.sized = sized;
    this.to = to;
  }

  /** Tells each row, and then their lines at once. */
  public void add(List<Change> rows) {
    out.reset();
    for (Change row : rows) {
      int before = out.size();
      out.add(Changes.CHANGE, row);
      out.newline();
      sized.take(row, out.size() - before);
    }
    sum.add(rows.size(), out.array(), out.size());
    to.take(out.array(), out.size());
  }

  /** Of all that was added until now. */
  public ExportSum soFar() {
    return sum.soFar();
  }

  /** Of all that was added; nothing can be added any more. */
  public ExportSum sum() {
    return sum.sum();
  }
}
