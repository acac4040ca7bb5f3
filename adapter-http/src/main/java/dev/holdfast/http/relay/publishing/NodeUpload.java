package dev.holdfast.http.relay.publishing;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.ChunkUpload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is one line of JSON per chunk, written as they come. The older client of the JDK writes on the caller's own
 * thread, so a node that doesn't read holds that thread and nothing is gathered on the way.
 */
final class NodeUpload extends ChunkUpload {
  private static final int CONNECT_MS = 10_000;
  private static final int ANSWER_MS = 30_000;
  private static final int BUFFER = 16 * 1024;
  /** White space between lines means nothing; of so much the node counts as many seconds of patience. */
  private static final byte[] STAYING = (" ".repeat(31) + "\n").getBytes(StandardCharsets.US_ASCII);

  private final NodeAddress address;
  private final String path;
  private final Registration.Presented as;
  private @Nullable HttpURLConnection connection;
  private @Nullable OutputStream out;
  private boolean broken;
  private boolean ended;
  private long sent;

  NodeUpload(NodeAddress address, String path, Registration.Presented as) {
    this.address = address;
    this.path = path;
    this.as = as;
  }

  @Override
  public boolean send(AttemptPost.Chunk chunk) throws InterruptedException {
    Json line = PostJson.chunk(chunk);
    return write((line.text() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean stay() throws InterruptedException {
    return write(STAYING);
  }

  @Override
  public long sent() {
    return sent;
  }

  private boolean write(byte[] bytes) throws InterruptedException {
    if (broken || ended) {
      return false;
    }
    try {
      OutputStream to = out == null ? open() : out;
      to.write(bytes);
      to.flush();
      sent += bytes.length;
      return true;
    } catch (IOException e) {
      broken = true;
      interrupted();
      return false;
    }
  }

  private OutputStream open() throws IOException {
    HttpURLConnection fresh = address.connection(path, as);
    connection = fresh;
    fresh.setRequestMethod("POST");
    fresh.setDoOutput(true);
    fresh.setChunkedStreamingMode(BUFFER);
    fresh.setConnectTimeout(CONNECT_MS);
    fresh.setReadTimeout(ANSWER_MS);
    fresh.setRequestProperty("Content-Type", "application/x-ndjson");
    OutputStream opened = fresh.getOutputStream();
    out = opened;
    return opened;
  }

  /** A socket on which a thread waits is closed when the thread is interrupted. */
  private static void interrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public Outcome<Boolean> end() throws InterruptedException {
    HttpURLConnection used = connection;
    if (used == null) {
      return broken ? Outcome.refused(Reason.NODE_UNREACHABLE) : new Outcome.Done<>(true);
    }
    try {
      if (out != null && !broken) {
        out.close();
      }
      int status = used.getResponseCode();
      try (InputStream in = status >= 400 ? used.getErrorStream() : used.getInputStream()) {
        byte[] body = in == null ? new byte[0] : in.readNBytes(NodeAnswer.MAX_BYTES);
        ended = true;
        return NodeAnswer.of(status, body).map(_ -> true);
      }
    } catch (IOException e) {
      broken = true;
      interrupted();
      return Outcome.refused(Reason.NODE_UNREACHABLE);
    }
  }

  @Override
  public void close() {
    if (!ended && connection != null) {
      connection.disconnect();
    }
  }
}
