package dev.holdfast.cli.integrity.doctor;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.Version;
import dev.holdfast.cli.access.KeyLookup;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.PresentedKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/** What the node says, if one runs, and whether one could. */
final class NodeChecks {
  private static final int CONNECT_MS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Set<String> OWNERS = Set.of("rw-------", "r--------");

  private final Settings settings;
  private final Supplier<Client> client;
  private final Path keyFile;

  /** @param keyFile where the caller's key is, or would be */
  NodeChecks(Settings settings, Supplier<Client> client, Path keyFile) {
    this.settings = settings;
    this.client = client;
    this.keyFile = keyFile;
  }

  private String url() {
    return settings.required(Settings.Name.URL);
  }

  /** @param held whether a process of this machine holds the data directory */
  Finding readiness(boolean held) {
    try {
      return judged(client.get().object("/health/readiness"));
    } catch (Refusal refusal) {
      if (refusal.is(Reason.MISSING_KEY)) {
        return Finding.warn("not asked, as there is no key to show", null);
      }
      if (isUntrusted(refusal)) {
        return untrusted(refusal);
      }
      if (!refusal.is(Reason.NODE_UNREACHABLE)) {
        // It answers, in other words than a ready node's.
        return refusal.is(Reason.NODE_STARTING) || refusal.is(Reason.NODE_DRAINING)
            ? Finding.warn("the node at " + url() + " is not ready: " + refusal.getMessage(),
                "holdfast doctor, in a moment")
            : Finding.fail("the node at " + url() + ": " + refusal.getMessage(), "restart the node");
      }
      return held
          ? Finding.warn("a node holds the data directory, and nothing answers at " + url(),
              "holdfast doctor --url with the address that the node printed")
          : Finding.ok("none runs at " + url());
    }
  }

  /** Something answers, but can't show that it is the node. */
  private static boolean isUntrusted(Refusal refusal) {
    return refusal.is(Reason.NODE_UNREACHABLE) && refusal.note().contains("certificate");
  }

  private static Finding untrusted(Refusal refusal) {
    return Finding.fail("the certificate isn't trusted: " + refusal.note(),
        "holdfast doctor --ca-file with the authority's certificate");
  }

  private Finding judged(Json readiness) {
    String status = Verb.text(readiness, "status");
    return "ready".equals(status)
        ? Finding.ok("ready at " + url())
        : Finding.warn("the node at " + url() + " is " + status + ": " + Verb.text(readiness, "reason"), null);
  }

  /** The address that {@code serve} would take; where another one of this machine is asked after, that one. */
  Finding port() {
    String host = settings.required(Settings.Name.HOST);
    int port = settings.number(Settings.Name.PORT);
    URI named = URI.create(url());
    if (!settings.isExplicit(Settings.Name.PORT) && named.getPort() > 0 && KeyLookup.isLoopback(url())) {
      host = named.getHost();
      port = named.getPort();
    }
    String where = host + ":" + port;
    if (port == 0) {
      return Finding.ok("any free one");
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MS);
    } catch (IOException e) {
      return Finding.ok(where + " is free");
    }
    return listener(where);
  }

  private Finding listener(String where) {
    boolean ours = url().replaceAll("/+$", "").endsWith("://" + where);
    if (!ours && settings.value(Settings.Name.TLS_CERT) != null) {
      return Finding.warn("something listens on " + where, "holdfast doctor --url https://" + where);
    }
    try {
      Client anyone = ours ? client.get() : new Client("http://" + where, null, PATIENCE, null, _ -> {});
      if (Verb.text(anyone.object("/health/liveness"), "status") != null) {
        return Finding.ok("a Holdfast node listens on " + where);
      }
    } catch (Refusal refusal) {
      if (ours && isUntrusted(refusal)) {
        return Finding.warn("something listens on " + where + " whose certificate isn't trusted", null);
      }
      if (ours && !refusal.is(Reason.NODE_UNREACHABLE)) {
        return Finding.warn("something listens on " + where + ": " + refusal.getMessage(), null);
      }
    }
    return Finding.fail("another program listens on " + where, "holdfast serve --port 0");
  }

  Finding version() {
    try {
      String node = Verb.text(client.get().object("/api/v1/whoami"), "node_version");
      if (node == null || node.equals(Version.text())) {
        return Finding.ok("the command line is " + Version.text() + (node == null ? "" : ", as the node"));
      }
      return Finding.warn("the command line is " + Version.text() + ", the node " + node, "restart the older one");
    } catch (Refusal refusal) {
      String own = "the command line is " + Version.text() + "; ";
      if (isUntrusted(refusal)) {
        return Finding.ok(own + "what answers at " + url() + " isn't asked, as its certificate isn't trusted");
      }
      return Finding.ok(own + (refusal.isPassing()
          ? "no node to compare it with"
          : "the node at " + url() + " tells its own only to a key that it takes"));
    }
  }

  /** @param expected whether a node has been on the data directory, which would have made the admin key */
  Finding key(boolean expected) {
    if (!Files.exists(keyFile)) {
      boolean named = settings.isExplicit(Settings.Name.KEY_FILE);
      return named || expected
          ? Finding.fail(keyFile + " isn't there", named ? "holdfast config show --origin" : "holdfast key recover")
          : Finding.ok("the first start makes " + keyFile);
    }
    String text;
    try {
      text = Files.readString(keyFile).strip();
      String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile));
      if (!OWNERS.contains(permissions)) {
        return Finding.fail(keyFile + " can be read or changed by others (" + permissions + ")",
            "chmod 600 " + keyFile);
      }
    } catch (IOException e) {
      return Finding.fail(keyFile + " can't be read", "holdfast config show --origin");
    }
    if (PresentedKey.parse(text).isEmpty()) {
      return Finding.fail(keyFile + " holds no key, or a mistyped one", "holdfast key recover");
    }
    return accepted();
  }

  private Finding accepted() {
    try {
      String role = Verb.text(client.get().object("/api/v1/whoami"), "role");
      return Finding.ok(keyFile + ", role " + role);
    } catch (Refusal refusal) {
      if (isUntrusted(refusal)) {
        return Finding.ok(keyFile + "; not shown to what answers at " + url() + ", whose certificate isn't trusted");
      }
      return refusal.isPassing()
          ? Finding.ok(keyFile + "; no node to show it to")
          : Finding.fail("the node at " + url() + " doesn't take " + keyFile + ": " + refusal.getMessage(),
              "holdfast config show --origin");
    }
  }
}
