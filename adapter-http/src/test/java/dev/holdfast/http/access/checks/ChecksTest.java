package dev.holdfast.http.access.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.access.Rates;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Rated;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.http.NodeUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChecksTest {
  private static final Pattern REASON = Pattern.compile("\"reason\":\"([a-z_]+)\"");
  private static final String OTHER_SECRET = "ab".repeat(32);

  /** An address that has presented as many wrong keys as it may. */
  private static final String CULPRIT = "127.0.0.9";
  private static final Map<String, Object> SETTINGS =
      Map.of("holdfast.rates.requests", 2, "holdfast.rates.failed-checks", 1_000);

  private final NodeUnderTest ready = NodeUnderTest.started(SETTINGS);
  private final NodeUnderTest starting = NodeUnderTest.starting(SETTINGS);
  private final NodeUnderTest blocked = NodeUnderTest.started(SETTINGS);

  ChecksTest() {
    blocked.bean(NodeState.class).note(StoreException.poisoned(new IOException("no sync")));
    for (NodeUnderTest node : List.of(ready, blocked)) {
      Rates rates = node.bean(Rates.class);
      while (rates.blocked(() -> CULPRIT).isEmpty()) {
        rates.failed(CULPRIT);
      }
    }
  }

  @AfterAll
  void close() {
    ready.close();
    starting.close();
    blocked.close();
  }

  /** What can be wrong with a request, in the order in which spec access §4 looks at it. */
  private enum Fault {
    MALFORMED(Reason.MALFORMED_REQUEST),
    FOREIGN_HOST(Reason.HOST_NOT_ALLOWED),
    FOREIGN_SITE(Reason.CROSS_SITE_FORBIDDEN),
    STARTING(Reason.NODE_STARTING),
    NO_ROUTE(Reason.ROUTE_NOT_FOUND),
    NO_KEY(Reason.MISSING_KEY),
    FAILED_OFTEN(Reason.RATE_LIMITED),
    WRONG_SECRET(Reason.INVALID_KEY),
    EXPIRED(Reason.KEY_EXPIRED),
    CALLED_OFTEN(Reason.RATE_LIMITED),
    WRONG_ROLE(Reason.ROLE_NOT_ALLOWED),
    WRONG_TYPE(Reason.UNSUPPORTED_MEDIA_TYPE),
    WRONG_QUERY(Reason.INVALID_QUERY),
    BLOCKED(Reason.STORE_POISONED);

    final Reason reason;

    Fault(Reason reason) {
      this.reason = reason;
    }
  }

  private String send(Set<Fault> faults) {
    return send(faults.contains(Fault.STARTING) ? starting : faults.contains(Fault.BLOCKED) ? blocked : ready, faults);
  }

  private static String send(NodeUnderTest node, Set<Fault> faults) {
    List<String> lines = new ArrayList<>();
    lines.add("POST /api/v1/" + (faults.contains(Fault.NO_ROUTE) ? "nowhere" : "workers")
        + (faults.contains(Fault.WRONG_QUERY) ? "?nonsense=1" : "")
        + (faults.contains(Fault.MALFORMED) ? " HTTP/1.7" : " HTTP/1.1"));
    lines.add("Host: " + (faults.contains(Fault.FOREIGN_HOST) ? "evil.example" : node.host()));
    if (faults.contains(Fault.FOREIGN_SITE)) {
      lines.add("Origin: http://evil.example");
    }
    lines.add("Authorization: " + (faults.contains(Fault.NO_KEY) ? "Basic " : "Bearer ") + key(node, faults));
    lines.add("Content-Type: " + (faults.contains(Fault.WRONG_TYPE) ? "text/plain" : "application/json"));
    lines.add("Content-Length: 2");
    lines.add("Connection: close");
    return node.raw(faults.contains(Fault.FAILED_OFTEN) ? CULPRIT : "127.0.0.1",
        (String.join("\r\n", lines) + "\r\n\r\n{}").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String key(NodeUnderTest node, Set<Fault> faults) {
    Role role = faults.contains(Fault.WRONG_ROLE) ? Role.OBSERVER : Role.OPERATOR;
    String key = node.key(role, Key.DEFAULT_SUBJECT, true, faults.contains(Fault.EXPIRED) ? Instant.EPOCH : null, null);
    if (faults.contains(Fault.CALLED_OFTEN)) {
      Key called = Key.of(PresentedKey.parse(key).orElseThrow(), Key.DEFAULT_SUBJECT, role, "", Instant.EPOCH);
      while (node.bean(Rates.class).request(called) instanceof Rated.Admitted) {
        // Until there is no more.
      }
    }
    return faults.contains(Fault.WRONG_SECRET) ? new PresentedKey(key.substring(4, 20), OTHER_SECRET).text() : key;
  }

  private void answers(Reason reason, Set<Fault> faults) {
    assertTold(reason, faults, send(faults));
  }

  private static void assertTold(Reason reason, Set<Fault> faults, String answer) {
    Matcher told = REASON.matcher(answer);
    assertTrue(told.find(), faults + ": " + answer);
    assertEquals(reason.code(), told.group(1), faults.toString());
  }

  @Test
  @DisplayName("A-A1 A request with nothing wrong passes, and each fault alone is refused for its reason")
  void each() {
    assertTrue(send(Set.of()).startsWith("HTTP/1.1 200"));
    for (Fault fault : Fault.values()) {
      answers(fault.reason, EnumSet.of(fault));
    }
  }

  @Test
  @DisplayName("A-A1 Of two faults the one that spec access §4 names first is answered")
  void order() {
    for (Fault first : Fault.values()) {
      for (Fault second : Fault.values()) {
        if (first.compareTo(second) < 0) {
          answers(first.reason, EnumSet.of(first, second));
        }
      }
    }
  }

  @Test
  @DisplayName("mutant: the Host check behind the key's is found")
  void hostBehindKey() {
    Set<Fault> both = EnumSet.of(Fault.FOREIGN_HOST, Fault.NO_KEY);
    try (var mutant = NodeUnderTest.started(Map.of("holdfast.test.mutant", "host-behind-key"))) {
      assertTold(Reason.HOST_NOT_ALLOWED, Set.of(), send(mutant, EnumSet.of(Fault.FOREIGN_HOST)));
      assertThrows(AssertionError.class, () -> assertTold(Reason.HOST_NOT_ALLOWED, both, send(mutant, both)));
    }
    answers(Reason.HOST_NOT_ALLOWED, both);
  }
}
