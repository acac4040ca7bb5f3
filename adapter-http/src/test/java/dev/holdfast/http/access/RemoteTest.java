package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.MutableHttpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteTest {
  private static final List<String> PROXIES = List.of("127.0.0.1", "::1", "10.0.0.7");

  private static HttpRequest<?> from(String socket, String... forwarded) {
    MutableHttpRequest<Object> request = HttpRequest.GET("/");
    for (String line : forwarded) {
      request.getHeaders().add("X-Forwarded-For", line);
    }
    return new HttpRequestWrapper<>(request) {
      @Override
      public InetSocketAddress getRemoteAddress() {
        return new InetSocketAddress(socket, 40_000);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "192.0.2.1"})
  @DisplayName("A-71 Without the flag nobody is believed, not even on loopback")
  void direct(String socket) {
    assertEquals(socket, new Remote(false, PROXIES).address(from(socket, "198.51.100.1")));
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(quoteCharacter = '"', value = {
    // The caller's own claims stand left of what the proxy added.
    "127.0.0.1, \"198.51.100.1\", 198.51.100.1", "127.0.0.1, \"203.0.113.9, 198.51.100.1\", 198.51.100.1",
    "127.0.0.1, \"nonsense,,<script>, 198.51.100.1\", 198.51.100.1",
    // Further proxies that are trusted are passed over, others aren't.
    "127.0.0.1, \"198.51.100.1, 10.0.0.7\", 198.51.100.1", "127.0.0.1, \"198.51.100.1, 10.0.0.8\", 10.0.0.8",
    "10.0.0.7, \"10.0.0.7, 127.0.0.1\", 10.0.0.7",
    // IPv6 in its shortest form, mapped IPv4 as what it is.
    "::1, \"2001:DB8:0:0::00A1\", 2001:db8::a1", "::1, \"[2001:db8::1]\", 2001:db8::1",
    "::1, \"::ffff:198.51.100.1\", 198.51.100.1",
    // What isn't one address alone says nothing.
    "127.0.0.1, \"\", 127.0.0.1", "127.0.0.1, \"198.51.100.1,\", 127.0.0.1", "127.0.0.1, \"evil.example\", 127.0.0.1",
    "127.0.0.1, \"198.51.100.1:80\", 127.0.0.1", "127.0.0.1, \"[2001:db8::1]:80\", 127.0.0.1",
    "127.0.0.1, \"fe80::1%eth0\", 127.0.0.1", "127.0.0.1, \"198.51.100.1, x, 10.0.0.7\", 127.0.0.1",
    "127.0.0.1, \"198.51.100.256\", 127.0.0.1", "127.0.0.1, \"1\", 127.0.0.1",
    // Not a proxy of ours.
    "192.0.2.1, \"198.51.100.1\", 192.0.2.1", "127.0.0.2, \"198.51.100.1\", 127.0.0.2"})
  @DisplayName("A-71 Behind a proxy the right-most address that no configured proxy has is the caller's")
  void behindProxy(String socket, String forwarded, String expected) {
    assertEquals(expected, new Remote(true, PROXIES).address(from(socket, forwarded)));
  }

  @Test
  @DisplayName("A-71 A proxy that adds a line of its own is read as one that adds to the line")
  void lines() {
    assertEquals("198.51.100.1", new Remote(true, PROXIES).address(from("::1", "203.0.113.9", "198.51.100.1")));
    assertEquals("127.0.0.1", new Remote(true, PROXIES).address(from("127.0.0.1")));
  }

  @Test
  @DisplayName("A-87 One IPv6 network has one budget, IPv4 addresses have one each")
  void budgets() {
    var remote = new Remote(false, PROXIES);
    assertEquals("192.0.2.1", remote.budget(from("192.0.2.1")));
    assertEquals("192.0.2.1", remote.budget(from("::ffff:192.0.2.1")));
    assertEquals("2001:db8:1:2::/64", remote.budget(from("2001:db8:1:2:3:4:5:6")));
    assertEquals("2001:db8:1:2::/64", remote.budget(from("2001:db8:1:2:ffff::")));
    assertEquals("2001:db8:1:3::/64", remote.budget(from("2001:db8:1:3:3:4:5:6")));
  }

  @Test
  @DisplayName("A-71 A proxy that isn't given as an address is told at the start")
  void configured() {
    assertThrows(IllegalArgumentException.class, () -> new Remote(true, List.of("proxy.example")));
  }
}
