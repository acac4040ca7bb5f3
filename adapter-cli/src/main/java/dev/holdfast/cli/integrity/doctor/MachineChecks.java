package dev.holdfast.cli.integrity.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this machine has beside the data directory. */
final class MachineChecks {
  private static final int NEEDED_JAVA = 25;
  private static final List<String> ENGINES = List.of("llama-server", "ollama", "vllm");
  private static final Duration SOON = Duration.ofDays(14);

  private final String path;
  private final InstantSource clock;

  /** @param path of the shell, where programs are looked for */
  MachineChecks(String path, InstantSource clock) {
    this.path = path;
    this.clock = clock;
  }

  Finding java() {
    String text = "Java " + Runtime.version() + " in " + System.getProperty("java.home");
    return Runtime.version().feature() >= NEEDED_JAVA
        ? Finding.ok(text)
        : Finding.fail(text, "install a Java " + NEEDED_JAVA + " or set HOLDFAST_JAVA_HOME");
  }

  Finding engines() {
    List<String> found = new ArrayList<>();
    for (String engine : ENGINES) {
      for (String folder : path.split(":", -1)) {
        if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, engine))) {
          found.add(Path.of(folder, engine).toString());
          break;
        }
      }
    }
    return Finding.ok(found.isEmpty()
        ? "no " + String.join(", ", ENGINES) + " in PATH; only models on this machine need one"
        : String.join(", ", found));
  }

  /** @param certificate the configured file, or null */
  Finding tls(@Nullable String certificate) {
    if (certificate == null) {
      return Finding.ok("no certificate is configured, and loopback needs none");
    }
    try (InputStream in = Files.newInputStream(Path.of(certificate))) {
      Instant end = ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in)).getNotAfter()
          .toInstant();
      if (end.isBefore(clock.instant())) {
        return Finding.fail(certificate + " expired at " + end, "put a new certificate there, then kill -HUP the node");
      }
      return end.isBefore(clock.instant().plus(SOON))
          ? Finding.warn(certificate + " expires at " + end, "put a new certificate there, then kill -HUP the node")
          : Finding.ok(certificate + " is valid until " + end);
    } catch (IOException e) {
      return Finding.fail(certificate + " can't be read", "holdfast config show --origin");
    } catch (CertificateException e) {
      return Finding.fail(certificate + " holds no certificate", "holdfast config show --origin");
    }
  }
}
