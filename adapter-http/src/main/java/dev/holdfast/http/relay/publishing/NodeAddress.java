package dev.holdfast.http.relay.publishing;

import dev.holdfast.domain.relay.publishers.Registration;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Where the node is, the key for it, and whom to believe that they are it. */
@Singleton
@Requires(property = "holdfast.publishing.url")
final class NodeAddress {
  private final String url;
  private final String key;
  private final @Nullable SSLContext trust;

  /**
   * @param authority a file of certificates (PEM) of which one must have signed the node's; empty for those that Java's own list names
   * @throws IOException when that file can't be read
   */
  NodeAddress(
      @Value("${holdfast.publishing.url}") String url, @Value("${holdfast.publishing.key}") String key,
      @Value("${holdfast.publishing.ca-file:}") String authority) throws IOException, GeneralSecurityException {
    this.url = url.replaceAll("/+$", "");
    this.key = key;
    this.trust = authority.isEmpty() ? null : trusting(Path.of(authority));
  }

  private static SSLContext trusting(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
    }
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trusted.getTrustManagers(), null);
    return context;
  }

  @Nullable
  SSLContext trust() {
    return trust;
  }

  HttpRequest.Builder request(String path, Registration.@Nullable Presented as) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    headers(as).forEach(request::header);
    return request;
  }

  /** For a body that is written while it comes into being. */
  HttpURLConnection connection(String path, Registration.Presented as) throws IOException {
    var connection = (HttpURLConnection) URI.create(url + path).toURL().openConnection();
    if (trust != null && connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(trust.getSocketFactory());
    }
    connection.setInstanceFollowRedirects(false);
    headers(as).forEach(connection::setRequestProperty);
    return connection;
  }

  private Map<String, String> headers(Registration.@Nullable Presented as) {
    Map<String, String> headers = new TreeMap<>(Map.of("Authorization", "Bearer " + key));
    if (as != null) {
      headers.put("X-Holdfast-Publisher", as.publisher());
      headers.put("X-Holdfast-Publisher-Secret", as.secret());
    }
    return headers;
  }
}
