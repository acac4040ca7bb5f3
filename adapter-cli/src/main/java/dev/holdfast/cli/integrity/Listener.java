package dev.holdfast.cli.integrity;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Settings.Name;
import dev.holdfast.domain.Reason;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a node listens on, and whether that is safe (spec A-71). */
final class Listener {
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|localhost|::1|\\[::1\\]");

  private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");
  private static final Pattern IP = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /** By the names under which the HTTP adapter reads them. */
  private static final Map<Name, String> LIMITS = new EnumMap<>(Map.of(
      Name.REQUESTS_PER_MINUTE, "holdfast.rates.requests",
      Name.STREAMS_PER_KEY, "holdfast.stream.max-per-key",
      Name.STREAMS, "holdfast.stream.max",
      Name.CONNECTIONS_PER_ADDRESS, "holdfast.listener.connections-per-address",
      Name.CONNECTIONS, "holdfast.listener.connections"));

  private final Settings settings;
  private final String host;
  private final @Nullable String certificate;
  private final @Nullable String key;
  private final boolean behindProxy;
  private final List<String> publicHosts;

  private Listener(Settings settings) {
    this.settings = settings;
    this.host = settings.required(Name.HOST);
    this.certificate = settings.value(Name.TLS_CERT);
    this.key = settings.value(Name.TLS_KEY);
    this.behindProxy = settings.isOn(Name.BEHIND_PROXY);
    this.publicHosts = settings.words(Name.PUBLIC_HOSTS);
  }

  /** @throws Refusal when it could be overheard, or nobody could call it */
  static Listener of(Settings settings) {
    var listener = new Listener(settings);
    for (Fault fault : listener.faults()) {
      Refusal refusal = Refusal.of(fault.reason, fault.text);
      throw fault.name == Name.BEHIND_PROXY
          ? refusal.next("the same command with --public-host and the name that callers use")
          : refusal;
    }
    return listener;
  }

  /**
   * Why a node wouldn't listen.
   *
   * @param name of the setting at fault
   */
  record Fault(Name name, Reason reason, String text) {}

  /** Everything that is wrong, in the order in which a start would refuse it. */
  static List<Fault> faults(Settings settings) {
    return new Listener(settings).faults();
  }

  private List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    if ((certificate == null) != (key == null)) {
      faults.add(new Fault(certificate == null ? Name.TLS_KEY : Name.TLS_CERT, Reason.INVALID_REQUEST,
          "--tls-cert and --tls-key go together"));
    }
    readable(Name.TLS_CERT, certificate, "TLS certificate", faults);
    readable(Name.TLS_KEY, key, "TLS key", faults);
    words(Name.PUBLIC_HOSTS, HOST, "a name, with a port or without", faults);
    words(Name.PROXY_ADDRESSES, IP, "an IP address", faults);
    if (behindProxy && publicHosts.isEmpty()) {
      faults.add(new Fault(Name.BEHIND_PROXY, Reason.INSECURE_BIND,
          "behind a proxy, requests name another host than the one that is bound, and no --public-host says which"));
    }
    if (!LOOPBACK.matcher(host).matches() && certificate == null && !behindProxy) {
      faults
          .add(new Fault(Name.HOST, Reason.INSECURE_BIND, host + " is reachable from outside this machine, and there is"
              + " neither TLS nor a proxy"));
    }
    return faults;
  }

  private void words(Name name, Pattern form, String wanted, List<Fault> faults) {
    for (String word : settings.words(name)) {
      if (!form.matcher(word).matches()) {
        faults.add(new Fault(name, Reason.INVALID_REQUEST,
            "one of " + name.text() + " is " + wanted + ", not " + word));
      }
    }
  }

  private static void readable(Name name, @Nullable String file, String what, List<Fault> faults) {
    if (file != null && !Files.isReadable(Path.of(file))) {
      faults.add(new Fault(name, Reason.INVALID_REQUEST, "the " + what + " " + file + " can't be read"));
    }
  }

  /** What was asked for and what is bound are two things; nothing is answered in the clear that was to be kept secret. */
  void requireOn(URI address) {
    if (certificate != null && !address.getScheme().equals("https")) {
      throw Refusal.of(Reason.INSECURE_BIND, "the listener has no TLS though it was given a certificate");
    }
  }

  String host() {
    return host;
  }

  /** What an operator should know though it starts, or null. */
  @Nullable
  String warning() {
    return LOOPBACK.matcher(host).matches() || !publicHosts.isEmpty()
        ? null
        : "no --public-host is named, so only requests to " + host + " and to this machine's own names are answered";
  }

  /** For the adapter; what nothing sets has its default there. */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    if (certificate != null && key != null) {
      properties.put("holdfast.tls.cert", certificate);
      properties.put("holdfast.tls.key", key);
    }
    properties.put("holdfast.behind-proxy", behindProxy);
    List<String> proxies = settings.words(Name.PROXY_ADDRESSES);
    if (!proxies.isEmpty()) {
      properties.put("holdfast.proxy-addresses", proxies);
    }
    if (!publicHosts.isEmpty()) {
      properties.put("holdfast.allowed-hosts", publicHosts.stream().map(h -> h.toLowerCase(Locale.ROOT)).toList());
    }
    LIMITS.forEach((name, property) -> {
      if (settings.isExplicit(name)) {
        properties.put(property, settings.number(name));
      }
    });
    return properties;
  }
}
