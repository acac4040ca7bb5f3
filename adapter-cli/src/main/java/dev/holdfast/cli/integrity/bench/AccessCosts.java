package dev.holdfast.cli.integrity.bench;

import dev.holdfast.application.access.KeyCheck;
import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.HttpCalls;
import dev.holdfast.cli.integrity.bench.load.Load;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** What it costs that requests are checked: the same empty request with all checks and with none, and the check of a key. */
final class AccessCosts {
  static final int CLIENTS = 32;
  /** Checks of a key in one call, so that reading the clock doesn't show. */
  static final int CHECKS = 100;

  private final URI address;
  private final KeyCheck check;
  private final Ids ids;
  private final String key;

  AccessCosts(Bed bed, URI address) {
    this.address = address;
    this.check = bed.node().use(KeyCheck.class);
    this.ids = bed.node().use(Ids.class);
    this.key = bed.key(Role.CONSUMER);
  }

  List<Scenario> scenarios() {
    return List.of(
        empty("unchecked", "HTTP: an empty request, no checks"),
        empty("checked", "HTTP: an empty request, all checks"),
        keys("key", "check of a key that is known, " + CHECKS + " in a call", key),
        keys("key-wrong", "check of a key that isn't, " + CHECKS + " in a call", PresentedKey.random(ids).text()));
  }

  private Scenario empty(String name, String title) {
    String path = "/api/v1/bench/" + name;
    return Scenario.of(name, title, CLIENTS, _ -> {
      var calls = new HttpCalls(address, key);
      return new Load.Call() {
        @Override
        public int once() throws IOException {
          calls.get(path);
          return 1;
        }

        @Override
        public void close() throws IOException {
          calls.close();
        }
      };
    });
  }

  private Scenario keys(String family, String title, String text) {
    return Scenario.of(family, title, 1, _ -> () -> {
      for (int i = 0; i < CHECKS; i++) {
        if (check.known(text).isEmpty()) {
          check.check(text);
        }
      }
      return CHECKS;
    });
  }
}
