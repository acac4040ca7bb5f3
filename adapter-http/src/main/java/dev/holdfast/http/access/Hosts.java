package dev.holdfast.http.access;

import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names under which the node may be called; a page of another site that resolves to it is none (spec ). */
@Singleton
public final class Hosts {
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

  private final BeanProvider<EmbeddedServer> server;
  private final List<String> configured;
  private volatile @Nullable Set<String> allowed;

  /** @param configured further names, each as it stands in a Host header */
  Hosts(BeanProvider<EmbeddedServer> server, @Value("${holdfast.allowed-hosts:}") List<String> configured) {
    this.server = server;
    this.configured = configured;
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
    String scheme = "http://";
    return target.startsWith("/")
        ? !target.startsWith("//")
        : target.toLowerCase(Locale.ROOT).startsWith(scheme + host + "/");
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

  private static String hostAndPort(String origin) {
    try {
      URI uri = URI.create(origin.toLowerCase(Locale.ROOT));
      String authority = uri.getRawAuthority();
      return authority == null || uri.getUserInfo() != null ? "" : authority;
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
    Set<String> names = new HashSet<>(LOOPBACK);
    String host = bound.getHost().toLowerCase(Locale.ROOT);
    names.add(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
    Set<String> hosts = new HashSet<>();
    for (String name : names) {
      hosts.add(name + ":" + bound.getPort());
      if (bound.getPort() == 80) {
        hosts.add(name);
      }
    }
    configured.stream().filter(name -> !name.isBlank()).map(name -> name.toLowerCase(Locale.ROOT)).forEach(hosts::add);
    return hosts;
  }
}
