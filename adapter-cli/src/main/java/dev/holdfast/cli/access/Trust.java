package dev.holdfast.cli.access;

import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Whom a client believes: the authorities of one PEM file and nobody else. Names are checked as ever; nothing turns that off. */
public final class Trust {
  private Trust() {}

  public static SSLSocketFactory of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> authorities = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (authorities.isEmpty()) {
        throw unusable(file, "holds no certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate authority : authorities) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
      var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trusted.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException e) {
      throw unusable(file, "can't be read");
    } catch (GeneralSecurityException e) {
      throw unusable(file, "holds something that is no certificate in PEM");
    }
  }

  private static Refusal unusable(Path file, String why) {
    return Refusal.of(Reason.INVALID_REQUEST, "the ca_file " + file + " " + why)
        .next("openssl x509 -in " + file + " -noout -subject");
  }
}
