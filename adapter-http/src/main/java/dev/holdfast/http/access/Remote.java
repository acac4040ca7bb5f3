package dev.holdfast.http.access;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpRequest;
import io.netty.util.NetUtil;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from: the socket's address or, behind a proxy, the one that the proxy names (spec A-71). Only
 * what the configured proxies have added to {@code X-Forwarded-For} is believed; what stands left of it is the caller's
 * own claim.
 */
@Singleton
public final class Remote {
  private static final String FORWARDED = "X-Forwarded-For";
  /** Of a connection that was gone before anybody asked. */
  private static final String UNKNOWN = "unknown";
  private static final int NETWORK_BYTES = 8;

  private final boolean behindProxy;
  private final Set<InetAddress> proxies;

  /** @throws IllegalArgumentException when a proxy isn't given as an IP address */
  Remote(@Value("${holdfast.behind-proxy:false}") boolean behindProxy,
      @Value("${holdfast.proxy-addresses:`127.0.0.1,::1`}") List<String> proxies) {
    this.behindProxy = behindProxy;
    this.proxies = proxies.stream().filter(proxy -> !proxy.isBlank()).map(Remote::configured)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The caller's address in its shortest form; an IPv4 address is told as one also where the socket has both. */
  public String address(HttpRequest<?> request) {
    InetAddress client = client(request);
    return client == null ? UNKNOWN : NetUtil.toAddressString(client);
  }

  /**
   * The name under which budgets of this caller are kept: an IPv4 address, or the /64 of an IPv6 address, because one
   * subscriber has all of it.
   */
  public String budget(HttpRequest<?> request) {
    InetAddress client = client(request);
    return client == null ? UNKNOWN : budget(client);
  }

  /** Whether connections from the address carry the requests of many callers. */
  public boolean isProxy(InetAddress address) {
    return behindProxy && proxies.contains(address);
  }

  /** The same for an address alone. */
  public static String budget(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return NetUtil.toAddressString(address);
    }
    Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
    return NetUtil.toAddressString(of(bytes)) + "/64";
  }

  private @Nullable InetAddress client(HttpRequest<?> request) {
    InetSocketAddress socket = request.getRemoteAddress();
    InetAddress direct = socket == null ? null : socket.getAddress();
    if (direct == null || !isProxy(direct)) {
      return direct;
    }
    List<String> entries = entries(request);
    InetAddress client = direct;
    for (int i = entries.size() - 1; i >= 0 && isProxy(client); i--) {
      InetAddress named = parse(entries.get(i));
      if (named == null) {
        return direct;
      }
      client = named;
    }
    return client;
  }

  /** Several lines of one header are one list, in their order: some proxies add a line, some add to the last one. */
  private static List<String> entries(HttpRequest<?> request) {
    List<String> entries = new ArrayList<>();
    for (String line : request.getHeaders().getAll(FORWARDED)) {
      for (String entry : line.split(",", -1)) {
        entries.add(entry.strip());
      }
    }
    return entries;
  }

  private static InetAddress configured(String proxy) {
    InetAddress address = parse(proxy.strip());
    if (address == null) {
      throw new IllegalArgumentException("holdfast.proxy-addresses: not an IP address: " + proxy);
    }
    return address;
  }

  /** @return null for what isn't an address alone; nothing is ever looked up */
  private static @Nullable InetAddress parse(String text) {
    byte[] bytes = text.indexOf('%') >= 0 ? null : NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? null : of(bytes);
  }

  private static InetAddress of(byte[] address) {
    try {
      // Makes an IPv4 address of one that is mapped into IPv6.
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
