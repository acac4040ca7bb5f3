package dev.holdfast.cli.integrity.bench.relay;

import dev.holdfast.cli.integrity.bench.load.HttpCalls;
import dev.holdfast.domain.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A daemon of this program as a process of its own, begun as this one was, with a fresh data directory. */
final class NodeChild implements AutoCloseable {
  private static final String ADDRESS = "  address    ";
  private static final String KEY_FILE = "  admin key  ";
  /** What would stop a load of this size isn't what is measured. */
  private static final Map<String, String> LIMITS = Map.of(
      "HOLDFAST_LIMITS_REQUESTS_PER_MINUTE", "900000000",
      "HOLDFAST_LIMITS_STREAMS_PER_KEY", "12000",
      "HOLDFAST_LIMITS_CONNECTIONS_PER_ADDRESS", "20000",
      "XDG_CONFIG_HOME", "/nonexistent");
  private static final int MOST_AT_ONCE = 10_000;
  private static final long GC_PATIENCE_S = 60;

  private final Children children;
  private final Children.Child child;
  private final Path folder;
  private final URI address;
  private final String adminKey;

  /** It is ready on return. */
  NodeChild(Children children, Path folder, String store) throws IOException, InterruptedException {
    this.children = children;
    this.folder = Files.createDirectories(folder);
    child = children.begin(folder.resolve("node.log"), LIMITS,
        program("serve", "--data", folder.resolve("data").toString(), "--port", "0", "--store", store));
    child.await("the node", () -> child.said().contains("\n" + KEY_FILE));
    address = URI.create(line(ADDRESS));
    adminKey = Files.readString(Path.of(line(KEY_FILE))).strip();
  }

  private String line(String begin) {
    return child.said().lines().filter(line -> line.startsWith(begin)).findFirst().orElseThrow()
        .substring(begin.length());
  }

  /** This program again, with the same options of the JVM. */
  private static List<String> program(String... words) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agentlib")).toList());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.holdfast.cli.Main"));
    line.addAll(List.of(words));
    return line;
  }

  Children.Child child() {
    return child;
  }

  URI address() {
    return address;
  }

  HttpCalls admin() throws IOException {
    return new HttpCalls(address, adminKey);
  }

  /** A new key of the standard subject. */
  String key(String role) throws IOException {
    try (HttpCalls calls = admin()) {
      String made = calls.post("/api/v1/keys", Json.object("role", role, "label", "bench").text());
      return (String) Objects.requireNonNull(Json.parse(made).members().get("key_text"));
    }
  }

  void addProvider(String name, String url) throws IOException {
    try (HttpCalls calls = admin()) {
      calls.post("/api/v1/providers", Json.object("name", name, "backend_model", Words.MODEL, "url", url,
          "max_in_flight", MOST_AT_ONCE).text());
    }
  }

  /** As somebody calls it who has a key of the role consumer. */
  Target target(String name, String title, String key) {
    return new Target(name, title, new InetSocketAddress(address.getHost(), address.getPort()),
        "Authorization: Bearer " + key + "\r\n", child::cpuNanos);
  }

  /** The product's own program that serves a model to this node; the model can be called on return. */
  void publish(String name, String backend) throws IOException, InterruptedException {
    Path keyFile = Files.writeString(folder.resolve("publisher.key"), key("publisher"));
    Children.Child program = children.begin(folder.resolve("publish.log"), Map.of("XDG_CONFIG_HOME", "/nonexistent"),
        program("publish", "--to", address.toString(), "--key-file", keyFile.toString(), "--backend", backend,
            "--model", Words.MODEL, "--name", name, "--limit", Integer.toString(MOST_AT_ONCE), "--shared",
            "--identity", folder.resolve("identity.json").toString(), "-o", "ndjson"));
    try (HttpCalls calls = admin()) {
      program.await("the publishing program", () -> isAvailable(calls, name));
    }
  }

  private static boolean isAvailable(HttpCalls calls, String model) {
    try {
      return calls.get("/api/v1/models").contains("\"name\":\"" + model + "\"")
          && calls.get("/api/v1/models/" + model).contains("\"available\":true");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is alive in its heap, in MiB, as the JVM's own tool counts it after a collection.
   *
   * @throws IOException where there is no such tool
   */
  double heapMib() throws IOException, InterruptedException {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Path told = folder.resolve("heap.txt");
    Process counting =
        new ProcessBuilder(tool.toString(), Long.toString(child.pid()), "GC.class_histogram").redirectErrorStream(true)
            .redirectOutput(told.toFile()).start();
    if (!counting.waitFor(GC_PATIENCE_S, TimeUnit.SECONDS)) {
      counting.destroyForcibly();
      throw new IOException("the heap wasn't counted in time");
    }
    String total = Files.readAllLines(told).stream().filter(line -> line.startsWith("Total")).findFirst()
        .orElseThrow(() -> new IOException("the heap could not be counted"));
    return Double.parseDouble(total.strip().split("\\s+")[2]) / (1 << 20);
  }

  @Override
  public void close() {
    child.close();
  }
}
