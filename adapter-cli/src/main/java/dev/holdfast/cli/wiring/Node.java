package dev.holdfast.cli.wiring;

import dev.holdfast.application.Launch;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Version;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.recovery.Finding;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The whole product in this process, on one data directory. {@code serve} binds an address on it and launches; a command that
 * needs no address only launches. Nothing of the framework shows here, so that commands can name this type.
 */
public final class Node implements AutoCloseable {
  private final Settings settings;
  private final ApplicationContext context;
  private final DataDirectory directory;

  private Node(Settings settings, ApplicationContext context, DataDirectory directory) {
    this.settings = settings;
    this.context = context;
    this.directory = directory;
  }

  /**
   * What a node is opened with.
   *
   * @param store the backend's name; also the name of the environment that brings its beans
   * @param data the data directory's path; the memory backend makes a temporary one of its own
   * @param port 0 for one that the system chooses
   * @param namedSessionsOnly whether turns are run only in sessions added to {@link SessionsTaken}
   */
  public record Settings(String store, String data, String host, int port, boolean namedSessionsOnly) {}

  /**
   * @throws StoreException when the data directory can't be opened; nothing was changed then
   * @throws Refusal when what it is configured with, such as its certificate, is of no use
   */
  public static Node open(Settings settings) {
    return open(settings, Map.of());
  }

  /**
   * As {@link #open(Settings)}.
   *
   * @param more properties of the configuration beside the settings, which go first
   */
  public static Node open(Settings settings, Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("holdfast.store", settings.store());
    properties.put("holdfast.data", settings.data());
    properties.put("holdfast.host", settings.host());
    properties.put("holdfast.port", settings.port());
    properties.put("holdfast.version", Version.text());
    properties.put("holdfast.executor.named-sessions-only", settings.namedSessionsOnly());
    // The framework would take a dollar sign in a profile's instructions for the beginning of a name of its own.
    properties.computeIfPresent("holdfast.profiles", (_, json) -> ((String) json).replace("$", "\\u0024"));
    properties.put("micronaut.server.host", settings.host());
    properties.put("micronaut.server.port", settings.port() == 0 ? -1 : settings.port());
    ApplicationContext context = ApplicationContext.builder()
        .deduceEnvironment(false)
        .environments(settings.store(), "http")
        .banner(false)
        .properties(properties)
        .build();
    try {
      start(context);
      return new Node(settings, context, unwrapped(() -> context.getBean(DataDirectory.class)));
    } catch (RuntimeException e) {
      closeAfter(e, context);
      throw e;
    }
  }

  /** Closing asks for some of what couldn't be made, and fails for the same reason, in the framework's words. */
  private static void closeAfter(RuntimeException failure, ApplicationContext context) {
    try {
      context.close();
    } catch (RuntimeException again) {
      failure.addSuppressed(again);
    }
  }

  private static void start(ApplicationContext context) {
    try {
      unwrapped(context::start);
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof ConfigurationException) {
          throw Refusal.of(Reason.INVALID_REQUEST, cause.getMessage());
        }
      }
      throw e;
    }
  }

  public DataDirectory directory() {
    return directory;
  }

  /**
   * Binds the address. From here the node answers, with node_starting until it is launched.
   *
   * @throws StoreException port_taken
   */
  public URI bind() {
    EmbeddedServer server = context.getBean(EmbeddedServer.class);
    try {
      server.start();
    } catch (RuntimeException e) {
      if (has(e, BindException.class)) {
        throw StoreException.unusable(
            Reason.PORT_TAKEN, "another program listens on " + settings.host() + ":" + settings.port(), e);
      }
      throw e;
    }
    return server.getURI();
  }

  /** @throws StoreException when the store can't be opened */
  public void launch() {
    unwrapped(() -> context.getBean(Launch.class)).start(Launch.RuntimeOptions.DEFAULT);
  }

  /** One of the application's use cases. */
  public <T> T use(Class<T> useCase) {
    return unwrapped(() -> context.getBean(useCase));
  }

  /** One of several of a kind, by its name. */
  public <T> T use(Class<T> useCase, String name) {
    return unwrapped(() -> context.getBean(useCase, Qualifiers.byName(name)));
  }

  /** What keeps the node from being ready, or store_manifest_valid. */
  public Reason readiness() {
    return context.getBean(NodeState.class).readiness();
  }

  /** Whether a write could not be made durable, also one of its end. */
  public boolean isPoisoned() {
    return context.getBean(NodeState.class).refusalOfWrites().equals(Optional.of(Reason.STORE_POISONED));
  }

  /** What is wrong with the stores of the data directory. */
  public List<Finding> diagnostics() {
    return context.getBean(NodeState.class).diagnostics();
  }

  /** Reads the files again that may change while the node runs. */
  public void reload() {
    context.getBean(NodeState.class).reload();
  }

  /** Ends what runs and hands over what has not ended after the grace time; {@link #close} comes after it. */
  public void shutdown(Duration grace) throws InterruptedException {
    context.getBean(Launch.class).shutdown(grace);
  }

  /** Closes the address, then the store, then gives the data directory back. */
  @Override
  public void close() {
    context.close();
  }

  /** A bean that fails to come into being tells why in its own words, not in the framework's. */
  static <T> T unwrapped(Supplier<T> bean) {
    try {
      return bean.get();
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof StoreException store) {
          throw store;
        }
      }
      throw e;
    }
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> kind) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
