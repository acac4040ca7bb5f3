package dev.holdfast.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real daemon as a child process, from this test's class path or from the distribution, on a data directory and port of its own. It can be killed and
 * started again on the same ones, so that clients find it back.
 */
public final class DaemonProcess implements AutoCloseable {
  private static final String ADDRESS = "  address    ";
  private static final String KEY_FILE = "  admin key  ";
  private static final long PATIENCE_S = 60;

  private final List<String> program;
  private final Path data;
  private final List<String> options;
  private final Map<String, String> environment;
  private @Nullable Process process;
  private URI address;
  private Path greetedKeyFile = Path.of(".");

  private DaemonProcess(List<String> program, Path data, Map<String, String> environment, List<String> options) {
    this.program = program;
    this.data = data;
    this.environment = environment;
    this.options = options;
    this.address = begin(0);
  }

  /** @param options of {@code serve}, beside data directory and port */
  public static DaemonProcess start(Path data, String... options) {
    return start(data, Map.of(), options);
  }

  /** @param environment of the process, beside this one's */
  public static DaemonProcess start(Path data, Map<String, String> environment, String... options) {
    return new DaemonProcess(classPathProgram(), data, environment, List.of(options));
  }

  /** The packaged program by its launcher, which is there once the module is packaged. */
  public static DaemonProcess ofDistribution(Path data, String... options) {
    return ofDistribution(data, Map.of(), options);
  }

  /** @param environment of the process, beside this one's */
  public static DaemonProcess ofDistribution(Path data, Map<String, String> environment, String... options) {
    return new DaemonProcess(List.of(launcher()), data, environment, List.of(options));
  }

  /**
   * As {@link #ofDistribution(Path, String...)}, its data directory being a disk of so many MiB that only the daemon sees;
   * {@link #seen} is the way to it from outside.
   */
  public static DaemonProcess onSmallDisk(Path data, int megabytes, String... options) {
    String mounted = "mount -t tmpfs -o mode=0700,size=" + megabytes + "m tmpfs \"$0\" && exec \"$@\"";
    return new DaemonProcess(List.of("unshare", "-rm", "sh", "-c", mounted, data.toString(), launcher()), data,
        Map.of(),
        List.of(options));
  }

  /**
   * A node of the distribution that nobody waits for.
   *
   * @param around the words of what runs it
   */
  public static Process begunWith(List<String> around, Path data, String... options) {
    List<String> program = new ArrayList<>(around);
    program.add(launcher());
    return launch(program, Map.of(), serving(data, 0, List.of(options)));
  }

  /**
   * On a data directory whose owner may change nothing where its mode says so, though it be the user root.
   *
   * @param options of {@code serve}
   */
  public static DaemonProcess unprivileged(Path data, String... options) {
    return new DaemonProcess(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search", launcher()), data,
        Map.of(), List.of(options));
  }

  private static String launcher() {
    return Path.of("target", "holdfast", "bin", "holdfast").toAbsolutePath().toString();
  }

  /** A place in the data directory as the daemon sees it. */
  public Path seen(String name) {
    return Path.of("/proc", Long.toString(pid()), "root" + data.resolve(name));
  }

  /** Waits for a daemon that ends by itself. */
  public int awaitEnd() throws InterruptedException {
    Process target = running();
    if (!target.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the daemon did not end");
    }
    process = null;
    return target.exitValue();
  }

  /** In a network of its own, where an address beyond loopback is reachable by nobody. */
  public static DaemonProcess alone(Path data, String... options) {
    List<String> program = new ArrayList<>(List.of("unshare", "-rn"));
    program.addAll(classPathProgram());
    return new DaemonProcess(program, data, Map.of(), List.of(options));
  }

  private URI begin(int port) {
    Process started = launch(program, environment, serving(data, port, options));
    process = started;
    // Read to its address; what it says later stays in the pipe, which holds far more than it ever says.
    var lines = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    URI found = null;
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ADDRESS)) {
          found = URI.create(line.substring(ADDRESS.length()));
        }
        if (line.startsWith(KEY_FILE)) {
          greetedKeyFile = Path.of(line.substring(KEY_FILE.length()));
          return Objects.requireNonNull(found);
        }
      }
      throw new IllegalStateException("the daemon ended before it was ready: "
          + new String(started.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> serving(Path data, int port, List<String> options) {
    List<String> words = new ArrayList<>(
        List.of("serve", "--data", data.toString(), "--port", Integer.toString(port)));
    words.addAll(options);
    return words;
  }

  public URI address() {
    return address;
  }

  public Path data() {
    return data;
  }

  public long pid() {
    return running().pid();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("the daemon is not running");
    }
    return process;
  }

  /** The admin key's text. */
  public String key() {
    try {
      return Files.readString(keyFile()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path keyFile() {
    return greetedKeyFile;
  }

  /** As {@code kill -9}: the process gets no chance to do anything. */
  public void kill() throws InterruptedException {
    Process victim = running();
    victim.destroyForcibly();
    victim.waitFor();
    process = null;
  }

  /** Starts it again on the same data directory and port. */
  public void restart() {
    address = begin(address.getPort());
  }

  /**
   * @param name of the signal: TERM or INT
   * @return the exit code
   */
  public int signal(String name) throws IOException, InterruptedException {
    signal(running(), name);
    return awaitEnd();
  }

  /** Sends a signal that is no order to end. */
  public void nudge(String name) throws IOException, InterruptedException {
    signal(running(), name);
  }

  public static void signal(Process target, String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(target.pid())).inheritIO().start().waitFor();
  }

  /** What a client command needs to find this daemon. */
  public Map<String, String> clientEnvironment() {
    return Map.of("HOLDFAST_URL", address.toString(), "HOLDFAST_KEY_FILE", keyFile().toString());
  }

  /** Runs a client command in this JVM against the daemon. */
  public Finished cli(String... words) {
    return Finished.inProcess(clientEnvironment(), words);
  }

  static List<String> classPathProgram() {
    return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
        "-cp", System.getProperty("java.class.path"), "dev.holdfast.cli.Main");
  }

  /** Any command as a process of its own. Its standard input is empty. */
  public static Process command(Map<String, String> environment, List<String> words) {
    return launch(classPathProgram(), environment, words);
  }

  /** As {@link #command}, by the packaged program's launcher. */
  public static Process packaged(Map<String, String> environment, List<String> words) {
    return launch(List.of(launcher()), environment, words);
  }

  /** A daemon that nobody waits for. */
  static Process begun(List<String> words) {
    return launch(classPathProgram(), Map.of(), words);
  }

  /** As {@link #command}, with a pipe as its standard input. */
  public static Process piped(Map<String, String> environment, List<String> words) {
    List<String> line = new ArrayList<>(classPathProgram());
    line.addAll(words);
    return launch(new ProcessBuilder(line), environment);
  }

  /** As {@link #command}, on a terminal of its own. */
  public static Process onTerminal(Map<String, String> environment, List<String> words) {
    List<String> line = new ArrayList<>(classPathProgram());
    line.addAll(words);
    String quoted = String.join(" ", line.stream().map(word -> "'" + word + "'").toList());
    return launch(new ProcessBuilder("script", "-qfec", "exec " + quoted, "/dev/null"), environment);
  }

  private static Process launch(List<String> program, Map<String, String> environment, List<String> words) {
    List<String> line = new ArrayList<>(program);
    line.addAll(words);
    return launch(new ProcessBuilder(line).redirectInput(new File("/dev/null")), environment);
  }

  private static Process launch(ProcessBuilder builder, Map<String, String> environment) {
    var kept = new TreeMap<>(builder.environment());
    kept.keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
    builder.environment().clear();
    builder.environment().putAll(kept);
    // What the user of this machine has configured is none of a test's business.
    builder.environment().put("XDG_CONFIG_HOME", "/nonexistent");
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it when it still runs. The data directory stays. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      process = null;
    }
  }
}
