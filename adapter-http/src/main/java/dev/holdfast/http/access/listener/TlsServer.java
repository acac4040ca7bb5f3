package dev.holdfast.http.access.listener;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.server.netty.ssl.ServerSslBuilder;
import io.micronaut.http.ssl.ServerSslConfiguration;
import io.netty.handler.ssl.SslContext;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Has the node's address speak TLS, 1.2 or newer, where a certificate is configured (spec A-71). */
@Singleton
@Requires(property = "holdfast.tls.cert")
final class TlsServer implements ServerSslBuilder {
  private final ServerSslConfiguration configuration;

  @SuppressWarnings("deprecation")
  TlsServer(ServerSslConfiguration configuration, @Value("${micronaut.server.port}") int port) {
    this.configuration = configuration;
    configuration.setEnabled(true);
    configuration.setPort(port);
    configuration.setKeyName(TlsCertificate.NAME);
    configuration.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
  }

  @Override
  public ServerSslConfiguration getSslConfiguration() {
    return configuration;
  }

  /** The server makes its contexts from {@link TlsCertificate} instead. */
  @Override
  public Optional<SslContext> build() {
    return Optional.empty();
  }
}
