package dev.holdfast.http.access.listener;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate with its chain, and its key, from two texts in PEM form: the leaf comes first, the key is PKCS#8 (RFC 7468). */
final class PemPair {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private PemPair() {}

  /** What is wrong with the files, in words that tell nothing of what they hold. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;
    private final String says;

    Broken(String says) {
      super(says, null, false, false);
      this.says = says;
    }

    String says() {
      return says;
    }
  }

  /** @throws Broken when no server could use the pair */
  static KeyStore read(String certificate, String key) throws Broken {
    List<X509Certificate> chain = chain(certificate);
    PublicKey open = chain.getFirst().getPublicKey();
    PrivateKey secret = secret(key, open.getAlgorithm());
    if (!belongTogether(secret, open)) {
      throw new Broken("the key is not the certificate's");
    }
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("holdfast", secret, null, chain.toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new Broken("the pair can't be kept: " + e.getClass().getSimpleName());
    }
  }

  private static List<X509Certificate> chain(String pem) throws Broken {
    try {
      List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1))).stream()
          .map(X509Certificate.class::cast).toList();
      if (chain.isEmpty()) {
        throw new Broken("there is no certificate in the certificate's file");
      }
      return chain;
    } catch (CertificateException e) {
      throw new Broken("the certificate's file is not in PEM form");
    }
  }

  private static PrivateKey secret(String pem, String algorithm) throws Broken {
    if (pem.contains("BEGIN ENCRYPTED PRIVATE KEY")) {
      throw new Broken("the key is encrypted; the node needs it in the clear, in a file that only its user can read");
    }
    if (pem.contains("BEGIN RSA PRIVATE KEY") || pem.contains("BEGIN EC PRIVATE KEY")) {
      throw new Broken("the key is not in PKCS#8 form; openssl pkcs8 -topk8 -nocrypt makes one that is");
    }
    Matcher found = KEY.matcher(pem);
    if (!found.find()) {
      throw new Broken("there is no key in PEM form in the key's file");
    }
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new Broken("the key is broken, or of another kind than the certificate's");
    }
  }

  private static boolean belongTogether(PrivateKey secret, PublicKey open) throws Broken {
    String scheme = switch (open.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
      default -> throw new Broken("keys of this kind are not supported: " + open.getAlgorithm());
    };
    try {
      byte[] probe = {1, 2, 3, 4, 5, 6, 7, 8};
      Signature signature = Signature.getInstance(scheme);
      signature.initSign(secret);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
