package dev.holdfast.http.relay.upstream;

import java.net.URI;

/**
 * Where a request goes.
 *
 * @param host a name or an address, without brackets
 * @param authority as the request's header says it
 * @param path with the query, if there is one
 */
record Target(boolean secure, String host, int port, String authority, String path) {

  static Target of(URI address) {
    boolean secure = "https".equalsIgnoreCase(address.getScheme());
    String host = address.getHost();
    int port = address.getPort();
    return new Target(secure, host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port >= 0 ? port : secure ? 443 : 80, address.getRawAuthority(),
        address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery()));
  }
}
