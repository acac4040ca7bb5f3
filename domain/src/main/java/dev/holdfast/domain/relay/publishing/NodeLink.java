package dev.holdfast.domain.relay.publishing;

import dev.holdfast.domain.relay.publishers.LinkFrame;
import java.util.Optional;

/** A link that a publisher has opened to its node. It is read on one thread, and closed on any. */
public abstract class NodeLink implements AutoCloseable {

  /**
   * Waits for the next frame. Kinds of frames that aren't known are passed over.
   *
   * @return empty when the link is gone: it was closed, it broke, or not even a sign of life came for too long
   */
  public abstract Optional<LinkFrame> next() throws InterruptedException;

  @Override
  public abstract void close();
}
