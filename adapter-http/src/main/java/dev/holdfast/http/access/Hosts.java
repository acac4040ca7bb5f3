package dev.holdfast.http.access;

import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names under which the node may be called; a page of another site that resolves to it is none (spec ). */
@Singleton
public final class Hosts {
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

  private static final Pattern PORTED = Pattern.compile("(.*[^:]):([0-9]{1,5})");
  /** The port of an address that names none. */
  private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);

  private final BeanProvider<EmbeddedServer> server;
  private final List<String> configured;
  private final boolean behindProxy;
  private volatile @Nullable Set<String> allowed;

  /**
   * @param configured further names, each as it stands in a Host header; without a port for the usual ones and the one that is
   *     bound
   */
  Hosts(BeanProvider<EmbeddedServer> server, @Value("${holdfast.allowed-hosts:}") List<String> configured,
      @Value("${holdfast.behind-proxy:false}") boolean behindProxy) {
    this.server = server;
    this.configured = configured;
    this.behindProxy = behindProxy;
  }

  /** Whether the request names one allowed host, and the same one wherever it names any. */
  public boolean isAllowed(HttpRequest<?> request) {
    List<String> named = request.getHeaders().getAll("Host");
    if (named.size() != 1) {
      return false;
    }
    String host = named.getFirst().toLowerCase(Locale.ROOT);
    return allowed().contains(host) && isOf(host, ((NettyHttpRequest<?>) request).getNativeRequest().uri());
  }

  /** A target in absolute form names a host, too. What isn't a path is none of the node's business. */
  private static boolean isOf(String host, String target) {
    String named = target.toLowerCase(Locale.ROOT);
    return target.startsWith("/")
        ? !target.startsWith("//")
        : PORTS.keySet().stream().anyMatch(scheme -> named.startsWith(scheme + "://" + host + "/"));
  }

  /** Whether the request comes from no page or from one of the node's own. */
  public boolean isSameSite(HttpRequest<?> request) {
    for (String site : request.getHeaders().getAll("Sec-Fetch-Site")) {
      if (!site.equals("same-origin") && !site.equals("none")) {
        return false;
      }
    }
    for (String origin : request.getHeaders().getAll("Origin")) {
      if (!allowed().contains(hostAndPort(origin))) {
        return false;
      }
    }
    return true;
  }

  /** With the port, also where it is the scheme's own: another port of the same host is another site. */
  private static String hostAndPort(String origin) {
    try {
      URI uri = URI.create(origin.toLowerCase(Locale.ROOT));
      Integer usual = uri.getScheme() == null ? null : PORTS.get(uri.getScheme());
      if (usual == null || uri.getHost() == null || uri.getUserInfo() != null) {
        return "";
      }
      return uri.getHost() + ":" + (uri.getPort() < 0 ? usual : uri.getPort());
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private Set<String> allowed() {
    Set<String> known = allowed;
    if (known == null) {
      known = allowed(server.get());
      allowed = known;
    }
    return known;
  }

  private Set<String> allowed(EmbeddedServer bound) {
    Set<String> hosts = new HashSet<>();
    for (String name : LOOPBACK) {
      add(hosts, name, bound.getPort());
    }
    String host = bound.getHost().toLowerCase(Locale.ROOT);
    add(hosts, host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host, bound.getPort());
    for (String entry : configured) {
      String name = entry.strip().toLowerCase(Locale.ROOT);
      Matcher ported = PORTED.matcher(name);
      if (ported.matches()) {
        add(hosts, ported.group(1), Integer.parseInt(ported.group(2)));
      } else if (!name.isEmpty()) {
        add(hosts, name, bound.getPort());
        usualPorts().forEach(port -> add(hosts, name, port));
      }
    }
    return hosts;
  }

  private void add(Set<String> hosts, String name, int port) {
    hosts.add(name + ":" + port);
    if (usualPorts().contains(port)) {
      hosts.add(name);
    }
  }

  /** Which scheme callers use is the proxy's affair. */
  private Collection<Integer> usualPorts() {
    return behindProxy ? PORTS.values() : Set.of(PORTS.get(server.get().getScheme()));
  }
}
