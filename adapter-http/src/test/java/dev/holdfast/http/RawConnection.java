package dev.holdfast.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection on which bytes go as they are, for what no well-behaved client does. */
public final class RawConnection implements AutoCloseable {
  private static final int TIMEOUT_MS = 15_000;
  private final Socket socket;

  /** @param from the address of this end, such as {@code 127.0.0.2} */
  RawConnection(String from, int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(from), 0);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @return whether the other side still takes something */
  public boolean send(String latin1) {
    try {
      socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** One answer. */
  public String answer() {
    try {
      return RawAnswer.read(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that comes until the other side closes, which it has to do. */
  public String untilClosed() {
    var got = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(got);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("still open after " + got.toString(StandardCharsets.UTF_8), e);
    } catch (SocketException e) {
      // A reset is an end as well.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return got.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
