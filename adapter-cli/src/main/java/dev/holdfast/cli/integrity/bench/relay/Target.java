package dev.holdfast.cli.integrity.bench.relay;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * Where the same calls are sent to.
 *
 * @param name short, as in the keys of scenarios
 * @param title for people
 * @param headers that its callers send, each with its line's end
 * @param cpuNanos what its processes have used so far, on all cores; 0 where it is this process
 */
record Target(String name, String title, InetSocketAddress address, String headers, LongSupplier cpuNanos) {

  /** A whole request. */
  byte[] chat(String json) {
    return ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + address.getPort() + "\r\n" + headers
        + "Content-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
