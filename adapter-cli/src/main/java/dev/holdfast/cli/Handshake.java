package dev.holdfast.cli;

import dev.holdfast.domain.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Why a node and a client don't come together: a certificate, or the other scheme than the one that is spoken there. */
final class Handshake {
  private static final int PATIENCE_MS = 2_000;
  private static final int HTTP_PORT = 80;

  private Handshake() {}

  /** @return null when https isn't what is spoken there, or not what was wrong */
  static @Nullable Refusal secure(String base, String address) {
    return base.startsWith("http:") && speaksTls(URI.create(base))
        ? refusal(address, address.replaceFirst("^http:", "https:"))
        : null;
  }

  /**
   * @param named whether the caller named the authority to believe
   * @return null when the connection broke behind the handshake
   */
  static @Nullable Refusal failed(SSLException failure, String address, boolean named) {
    // Java names no type for what isn't TLS.
    if (String.valueOf(failure.getMessage()).contains("SSL message") || failure.getCause() instanceof EOFException) {
      return refusal(address, address.replaceFirst("^https:", "http:"));
    }
    return failure instanceof SSLHandshakeException
        ? Refusal.of(Reason.NODE_UNREACHABLE,
            "what answers at " + address + " can't show that it is the node: its certificate is"
                + " not from " + (named ? "the authority in your ca_file" : "an authority that Java knows")
                + ", or is for another name")
            .next("the same command with --ca-file and the authority's certificate")
        : null;
  }

  private static Refusal refusal(String address, String other) {
    return Refusal.of(Reason.NODE_UNREACHABLE, "what answers at " + address + " may speak "
        + other.replaceFirst(":.*", "")).next("the same command with --url " + other);
  }

  /** A handshake tells, also one that ends at a certificate that we don't know; nothing of the caller's is sent. */
  private static boolean speaksTls(URI uri) {
    try (var socket = new Socket()) {
      int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
      socket.connect(new InetSocketAddress(uri.getHost(), port), PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
      try (var secure = (SSLSocket) factory.createSocket(socket, uri.getHost(), port, true)) {
        secure.startHandshake();
        return true;
      }
    } catch (SSLException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof CertificateException) {
          return true;
        }
      }
      return false;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
