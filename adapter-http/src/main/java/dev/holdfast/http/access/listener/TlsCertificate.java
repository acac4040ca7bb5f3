package dev.holdfast.http.access.listener;

import dev.holdfast.application.integrity.NodeState;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.ssl.CertificateProvider;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Sinks;

/**
 * The certificate that the node shows, and the next one when the files have changed: looked for now and then and whenever the
 * node is told to reload. Files that are broken, or of which only one is new yet, change nothing. Connections that are open
 * keep what they began with (spec A-71).
 */
@Context
@Bean(preDestroy = "close")
@Named(TlsCertificate.NAME)
@Requires(property = "holdfast.tls.cert")
final class TlsCertificate implements CertificateProvider {
  static final String NAME = "holdfast";
  private static final int MAX_BYTES = 1 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(TlsCertificate.class);

  private final Path certificateFile;
  private final Path keyFile;
  private final Sinks.Many<KeyStore> current = Sinks.many().replay().latest();

  private final ScheduledFuture<?> looking;

  // Guarded by this.
  private Pair shown;
  /** What was wrong at the last look. */
  private String told = "";

  private record Pair(String certificate, String key) {}

  /** @throws ConfigurationException when the node can't begin with what the files hold */
  TlsCertificate(
      @Value("${holdfast.tls.cert}") Path certificate, @Value("${holdfast.tls.key}") Path key,
      @Value("${holdfast.tls.look-every:10s}") Duration lookEvery, NodeState node,
      @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
    certificateFile = certificate;
    keyFile = key;
    try {
      shown = files();
      current.tryEmitNext(PemPair.read(shown.certificate, shown.key)).orThrow();
    } catch (PemPair.Broken e) {
      throw new ConfigurationException("TLS: " + e.says());
    }
    node.whenReloading(() -> look(true));
    looking = scheduler.scheduleWithFixedDelay(lookEvery, lookEvery, () -> look(false));
  }

  /**
   * Takes what is new in the files, if it is of use.
   *
   * @param asked whether somebody wants to hear again what is wrong
   */
  private synchronized void look(boolean asked) {
    try {
      Pair found = files();
      if (!found.equals(shown)) {
        current.tryEmitNext(PemPair.read(found.certificate, found.key)).orThrow();
        shown = found;
        LOG.info("TLS: a new certificate is shown from now on");
      }
      told = "";
    } catch (PemPair.Broken e) {
      if (asked || !told.equals(e.says())) {
        LOG.warn("TLS: the certificate stays as it was: {}", e.says());
      }
      told = e.says();
    }
  }

  private Pair files() throws PemPair.Broken {
    return new Pair(content(certificateFile, "certificate"), content(keyFile, "key"));
  }

  private static String content(Path file, String of) throws PemPair.Broken {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new PemPair.Broken("the file of the " + of + " can't be read: " + e.getClass().getSimpleName());
    }
  }

  void close() {
    looking.cancel(false);
  }

  @Override
  public Publisher<KeyStore> getKeyStore() {
    return current.asFlux();
  }

  @Override
  public String getName() {
    return NAME;
  }
}
