package dev.holdfast.cli.integrity.bench.relay;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.holdfast.cli.integrity.bench.load.Load;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishers with nothing to do: what their links keep in a node's heap and in its memory. */
public final class IdleLinks {
  private static final int CLIENTS = 32;
  /** Files that a process has open besides. */
  private static final int BESIDES = 500;

  private final NodeChild node;

  /** @param node that does nothing else */
  IdleLinks(NodeChild node) {
    this.node = node;
  }

  /**
   * What was found.
   *
   * @param heapMib alive in the heap of the node with all links
   * @param heapKibEach by which that grew with one
   * @param residentKibEach by which the process grew with one
   */
  public record Found(int links, double heapMib, double heapKibEach, double residentKibEach) {}

  /** @throws IOException when the system doesn't let a process have so many, or the heap can't be counted */
  Found open(int links) throws IOException, InterruptedException {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        && system.getMaxFileDescriptorCount() < links + BESIDES) {
      throw new IOException("a process may have " + system.getMaxFileDescriptorCount()
          + " open files; raise that (ulimit -n)");
    }
    String key = node.key("publisher");
    var next = new AtomicInteger();
    Queue<Publisher> all = new ConcurrentLinkedQueue<>();
    double heapBefore = node.heapMib();
    double residentBefore = node.child().residentKib();
    try (var loop = new Loop("bench-links")) {
      Load.count(links, CLIENTS, _ -> () -> {
        var publisher = new Publisher(node.address(), key, "idle-" + next.incrementAndGet());
        all.add(publisher);
        publisher.open(loop);
        return 1;
      });
      double resident = node.child().residentKib();
      double heap = node.heapMib();
      all.forEach(Publisher::requireNoFailure);
      all.forEach(Publisher::close);
      return new Found(links, heap, (heap - heapBefore) * 1_024 / links, (resident - residentBefore) / links);
    }
  }
}
