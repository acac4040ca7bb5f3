package dev.holdfast.http;

import java.io.IOException;
import java.io.InputStream;

/** The body of an answer in chunked coding; it ends where the coding says so, or with the connection. */
public final class ChunkedInput extends InputStream {
  private final InputStream in;
  private int left;
  private boolean ended;

  public ChunkedInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    if (left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    left--;
    int b = in.read();
    if (left == 0) {
      readLine(in);
    }
    return b;
  }

  /** Gives what is there, so that a reader doesn't wait for more than the next byte. */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int first = length == 0 ? 0 : read();
    if (first <= 0) {
      return first;
    }
    into[offset] = (byte) first;
    int count = 1;
    while (count < length && left > 0 && in.available() > 0) {
      into[offset + count++] = (byte) read();
    }
    return count;
  }

  private void nextChunk() throws IOException {
    String size = readLine(in);
    left = size.isEmpty() ? 0 : Integer.parseInt(size, 16);
    if (left == 0) {
      ended = true;
    }
  }

  /** A line without its end; empty at the end of the input, too. */
  static String readLine(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
