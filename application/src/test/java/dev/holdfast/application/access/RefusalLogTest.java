package dev.holdfast.application.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private final UnitsOfWork units = new UnitsOfWork(new MemoryStore(), new NewsRoom(), new NodeState(),
      new AuditKey("5a".repeat(32)), InstantSource.fixed(Instant.EPOCH));
  private final List<Runnable> later = new ArrayList<>();
  private long now = -5_000_000_000L;
  private final RefusalLog log = new RefusalLog(units, () -> now, later::add);
  private long seen;

  private static Audited call() {
    return new Audited(new AuditEntry.Caller("0".repeat(32), null, null, null, null), "worker.list", 200, _ -> 401);
  }

  private void knock(String address, int times) {
    for (int i = 0; i < times; i++) {
      log.note(call(), Reason.INVALID_KEY, new RefusalLog.From(address, address));
    }
  }

  private List<String> fresh() {
    List<String> told = new ArrayList<>();
    for (AuditRecord entry : units.read(state -> state.audit(seen, Integer.MAX_VALUE, null, null))) {
      seen = entry.seq();
      Map<String, ?> members = entry.shown().members();
      told.add(members.get("action") + " " + members.get("from") + " " + members.get("status") + " "
          + members.get("reason") + (members.containsKey("count") ? " " + members.get("count") : ""));
    }
    return told;
  }

  private static String each(String address) {
    return "worker.list " + address + " 401 invalid_key";
  }

  @Test
  @DisplayName("A-90 Sixty refusals of an address are told in a minute, and one record counts the rest when the minute is over")
  void flood() {
    knock("a", 59);
    assertEquals(59, fresh().size());
    knock("a", 1_000);
    assertEquals(List.of(each("a")), fresh());
    knock("b", 1);
    assertEquals(List.of(each("b")), fresh(), "another address has a budget of its own");
    now += MINUTE.toNanos() - 1;
    knock("a", 1);
    assertEquals(List.of(), fresh());
    now++;
    knock("c", 1);
    assertEquals(List.of("access.refused a 401 invalid_key 1000", each("c")), fresh());
    knock("a", 1);
    assertEquals(List.of(each("a")), fresh(), "the address has a new minute");
  }

  @Test
  @DisplayName("A-90 A flood that nobody follows up is told when the node goes, and once")
  void flush() {
    knock("a", 70);
    knock("b", 3);
    fresh();
    log.flush();
    assertEquals(List.of("access.refused a 401 invalid_key 10"), fresh());
    log.flush();
    assertEquals(List.of(), fresh());
  }

  @Test
  @DisplayName("A-90 A flood that has ended is told of within two minutes, without any further refusal")
  void quietAfterwards() {
    knock("a", 60);
    assertEquals(List.of(), later);
    knock("a", 10);
    knock("b", 70);
    assertEquals(1, later.size(), "one wait for all addresses");
    fresh();
    now += MINUTE.toNanos() - 1;
    later.removeFirst().run();
    assertEquals(List.of(), fresh());
    assertEquals(1, later.size(), "it goes on waiting");
    now++;
    later.removeFirst().run();
    assertEquals(List.of("access.refused a 401 invalid_key 10", "access.refused b 401 invalid_key 10"), fresh());
    assertEquals(List.of(), later);
  }

  @Test
  @DisplayName("A-90 Ten thousand addresses are told apart, and all further ones share a budget")
  void addresses() {
    for (int i = 0; i < 10_000; i++) {
      knock("10.0." + i, 1);
    }
    assertEquals(10_000, fresh().size());
    for (int i = 0; i < 500; i++) {
      knock("10.1." + i, 1);
    }
    assertEquals(60, fresh().size());
    log.flush();
    assertEquals(List.of("access.refused others 401 invalid_key 440"), fresh());
    now += MINUTE.toNanos();
    knock("10.1.1", 61);
    assertEquals(60, fresh().size(), "there is room again");
  }

  @Test
  @DisplayName("A-90 A call that has a record already gets no second one")
  void once() {
    Audited call = call();
    units.write(call, "target", _ -> Decision.refused(Reason.WORKER_NOT_FOUND));
    log.note(call, Reason.WORKER_NOT_FOUND, new RefusalLog.From("a", "a"));
    assertEquals(1, fresh().size());
  }

  @Test
  @DisplayName("A-90 Whoever has many addresses has one budget, and each record names the address")
  void network() {
    for (int i = 0; i < 100; i++) {
      log.note(call(), Reason.INVALID_KEY, new RefusalLog.From("2001:db8::" + i, "2001:db8::/64"));
    }
    List<String> told = fresh();
    assertEquals(60, told.size());
    assertEquals(each("2001:db8::0"), told.getFirst());
    log.flush();
    assertEquals(List.of("access.refused 2001:db8::/64 401 invalid_key 40"), fresh());
  }
}
