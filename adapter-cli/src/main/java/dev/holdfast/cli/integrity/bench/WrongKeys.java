package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.HttpCalls;
import dev.holdfast.cli.integrity.bench.load.Load;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.access.PresentedKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What many requests with many wrong keys, from many addresses, leave behind in the heap. */
final class WrongKeys {
  private static final int KEYS = 10_000;
  private static final int CLIENTS = 32;
  /** From one address; so many that it is blocked in the end. */
  private static final int PER_CONNECTION = 1_000;
  private static final double MIB = 1 << 20;

  private final URI address;
  private final List<String> keys;
  private final AtomicInteger connections = new AtomicInteger();

  WrongKeys(Bed bed, URI address) {
    Ids ids = bed.node().use(Ids.class);
    this.address = address;
    this.keys = Stream.generate(() -> PresentedKey.random(ids).text()).limit(KEYS).toList();
  }

  /** The MiB by which the heap in use has grown between a tenth of the requests and all of them. */
  double growth(long requests) throws InterruptedException {
    Load.count(requests / 10, CLIENTS, this::client);
    double before = heap();
    Load.count(requests - requests / 10, CLIENTS, this::client);
    return heap() - before;
  }

  private static double heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
  }

  private Load.Call client(int number) throws IOException {
    return new Load.Call() {
      private HttpCalls calls = connect();
      private int next = number * (KEYS / CLIENTS);
      private int done;

      @Override
      public int once() throws IOException {
        if (++done % PER_CONNECTION == 0) {
          calls.close();
          calls = connect();
        }
        calls.refused(keys.get(next++ % KEYS));
        return 1;
      }

      @Override
      public void close() throws IOException {
        calls.close();
      }
    };
  }

  /** From an address of the loopback network that was not used of late. */
  private HttpCalls connect() throws IOException {
    int number = connections.getAndIncrement();
    byte[] from = {127, (byte) (1 + number / 62_500 % 250), (byte) (number / 250 % 250), (byte) (1 + number % 250)};
    return new HttpCalls(address, "none", InetAddress.getByAddress(from));
  }
}
