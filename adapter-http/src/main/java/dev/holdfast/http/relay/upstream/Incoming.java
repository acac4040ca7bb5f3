package dev.holdfast.http.relay.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The body of an answer as it comes in, taken piece by piece on one thread at a time. */
public abstract class Incoming implements AutoCloseable {

  /**
   * The next bytes, at least one; null at the end, again and again.
   *
   * @throws HttpTimeoutException when nothing came for so long
   * @throws IOException when the connection broke
   */
  public abstract @Nullable ByteBuffer next(Duration atMost) throws IOException, InterruptedException;

  /**
   * Everything up to the end.
   *
   * @throws IOException also when it is longer than that
   */
  public byte[] all(Duration atMost, int maxBytes) throws IOException, InterruptedException {
    var whole = new ByteArrayOutputStream();
    for (ByteBuffer piece = next(atMost); piece != null; piece = next(atMost)) {
      whole.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
      if (whole.size() > maxBytes) {
        throw new IOException("the answer is too long");
      }
    }
    return whole.toByteArray();
  }

  /** Ends the answer unless it was read to its end; whoever waits for it is told at once. */
  @Override
  public abstract void close();
}
