package dev.holdfast.http.relay;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.RefusalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Chunks out of a body that is still coming in, one line of JSON each. Empty lines only tell that there is more to come. */
final class ChunkLines implements AutoCloseable {
  /** A chunk of the largest size in which every character is written as six, and its other members. */
  private static final int MAX_LINE = 6 * 256 * 1024 + 1_024;
  private static final int BUFFER = 16 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private boolean over;

  ChunkLines(InputStream in) {
    this.in = in;
  }

  /**
   * The chunks that are there, at least one; none at the end of the body.
   *
   * @throws RefusalException when a line is none, is too long, or the body breaks off
   */
  List<Chunk> next() {
    List<Chunk> chunks = new ArrayList<>();
    while (chunks.isEmpty() && !over) {
      int read = read();
      for (int i = 0; i < read; i++) {
        take(buffer[i], chunks);
      }
      if (read < 0) {
        over = true;
        endLine(chunks);
      }
    }
    return chunks;
  }

  private int read() {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new RefusalException(Reason.MALFORMED_REQUEST);
    }
  }

  private void take(byte b, List<Chunk> chunks) {
    if (b == '\n') {
      endLine(chunks);
    } else if (line.size() >= MAX_LINE) {
      throw new RefusalException(Reason.CHUNK_TOO_LARGE);
    } else {
      line.write(b);
    }
  }

  private void endLine(List<Chunk> chunks) {
    byte[] text = line.toByteArray();
    line.reset();
    for (byte b : text) {
      if (b > ' ' || b < 0) {
        chunks.add(Bodies.read(text, PostBody::chunk));
        return;
      }
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // What is left of the body isn't wanted any more.
      return;
    }
  }
}
