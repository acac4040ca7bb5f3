package dev.holdfast.domain.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditRules.Checked;
import dev.holdfast.domain.access.AuditRules.Expected;
import dev.holdfast.domain.access.AuditRules.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditRulesTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final AuditKey KEY = new AuditKey("0b".repeat(32));
  private static final int RECORDS = 7;

  private final List<AuditRecord> sealed = new ArrayList<>();

  AuditRulesTest() {
    AuditHead head = AuditHead.NONE;
    for (int i = 1; i <= RECORDS; i++) {
      var caller = new AuditEntry.Caller("%032x".formatted(i), null, "k" + i, "ann", Role.CONSUMER);
      sealed.add(AuditRules.seal(KEY, head, new AuditEntry(caller, "worker.create", "w" + i, 200, null, 1), NOW));
      head = sealed.getLast().head();
    }
  }

  /** Checks as a store would give them: by pages, each behind what was verified before. */
  private static Checked checked(List<AuditRecord> records, AuditHead head, @Nullable AuditHead noted, int page) {
    AuditHead last = AuditHead.NONE;
    while (true) {
      long after = last.seq();
      List<AuditRecord> next = records.stream().filter(entry -> entry.seq() > after).limit(page).toList();
      Checked found = AuditRules.check(KEY, last, next, new Expected(head, noted));
      if (next.isEmpty() || found.fault() != null) {
        return found;
      }
      last = found.verified();
    }
  }

  private Checked checked(List<AuditRecord> records, int page) {
    return checked(records, sealed.getLast().head(), null, page);
  }

  private void assertFault(Fault fault, int seq, List<AuditRecord> records) {
    for (int page : List.of(1, 2, 3, 100)) {
      Checked found = checked(records, page);
      assertEquals(fault + " " + seq, found.fault() + " " + (found.verified().seq() + 1), "pages of " + page);
    }
  }

  private List<AuditRecord> with(int seq, AuditRecord other) {
    List<AuditRecord> changed = new ArrayList<>(sealed);
    changed.set(seq - 1, other);
    return changed;
  }

  @Test
  @DisplayName("A-92 The mac is HMAC-SHA-256 over the mac before and the canonical record, as another program has it")
  void mac() {
    var caller = new AuditEntry.Caller("0".repeat(32), "mine", null, null, null);
    AuditRecord first = AuditRules.seal(KEY, AuditHead.NONE,
        new AuditEntry(caller, "key.whoami", "10.0.0.1", 401, Reason.INVALID_KEY, 3), NOW);
    assertEquals("{\"action\":\"key.whoami\",\"at\":\"2026-06-01T00:00:00.000Z\",\"client_request_id\":\"mine\","
        + "\"count\":3,\"reason\":\"invalid_key\",\"request_id\":\"" + "0".repeat(32) + "\",\"seq\":1,\"status\":401,"
        + "\"target\":\"10.0.0.1\"}", first.text());
    assertEquals("898415f4a69c6306af1c8b6c42a80fee8cf504fd1b06565c6a7e64b3d52c94b1", first.mac());
  }

  @Test
  @DisplayName("A-A21 What was sealed is whole, in pages of any size, also with any head that was ever noted")
  void whole() {
    for (int page : List.of(1, 2, RECORDS, 100)) {
      assertEquals(new Checked(sealed.getLast().head(), null), checked(sealed, page));
      for (AuditRecord noted : sealed) {
        assertEquals(new Checked(sealed.getLast().head(), null),
            checked(sealed, sealed.getLast().head(), noted.head(), page));
      }
    }
    assertEquals(new Checked(AuditHead.NONE, null), checked(List.of(), AuditHead.NONE, null, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  @DisplayName("A-A21 One changed character of a record's text or mac is found at that record, wherever it stands")
  void altered(int seq) {
    AuditRecord right = sealed.get(seq - 1);
    for (int i = 0; i < right.text().length(); i++) {
      char other = right.text().charAt(i) == 'x' ? 'y' : 'x';
      String text = right.text().substring(0, i) + other + right.text().substring(i + 1);
      assertFault(Fault.ALTERED, seq, with(seq, new AuditRecord(seq, text, right.mac())));
    }
    for (int i = 0; i < right.mac().length(); i++) {
      char other = right.mac().charAt(i) == '0' ? '1' : '0';
      String mac = right.mac().substring(0, i) + other + right.mac().substring(i + 1);
      assertFault(Fault.ALTERED, seq, with(seq, new AuditRecord(seq, right.text(), mac)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  @DisplayName("A-A21 A record that is taken out, and a tail that is cut, are found with their seq")
  void gone(int seq) {
    List<AuditRecord> without = new ArrayList<>(sealed);
    without.remove(seq - 1);
    assertFault(seq == RECORDS ? Fault.TRUNCATED : Fault.MISSING, seq, without);
    assertFault(Fault.TRUNCATED, seq, sealed.subList(0, seq - 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  @DisplayName("A-A21 A tail that is cut together with the store's own head is found by a head that was noted")
  void cutWithHead(int left) {
    List<AuditRecord> cut = sealed.subList(0, left);
    AuditHead head = cut.getLast().head();
    assertEquals(new Checked(head, null), checked(cut, head, null, 2));
    assertEquals(new Checked(head, Fault.TRUNCATED), checked(cut, head, sealed.getLast().head(), 2));
    // Sealed anew with the right key, as who has the folder can, it still isn't the one that was noted.
    AuditRecord forged = AuditRules.seal(KEY, head, new AuditEntry(AuditEntry.Caller.local("0".repeat(32)), "a.b", null,
        200, null, 1), NOW);
    List<AuditRecord> longer = new ArrayList<>(cut);
    longer.add(forged);
    assertEquals(new Checked(head, Fault.ALTERED),
        checked(longer, forged.head(), sealed.get(left).head(), 2));
  }

  @Test
  @DisplayName("A-A21 Records that change places, or come from under another key, are found at the first of them")
  void others() {
    AuditRecord second = sealed.get(1);
    AuditRecord third = sealed.get(2);
    List<AuditRecord> swapped = with(2, new AuditRecord(2, third.text(), third.mac()));
    swapped.set(2, new AuditRecord(3, second.text(), second.mac()));
    assertFault(Fault.ALTERED, 2, swapped);
    AuditRecord foreign = AuditRules.seal(new AuditKey("0c".repeat(32)), sealed.get(3).head(),
        new AuditEntry(AuditEntry.Caller.local("0".repeat(32)), "a.b", null, 200, null, 1), NOW);
    assertFault(Fault.ALTERED, 5, with(5, foreign));
  }

  @Test
  @DisplayName("A record that the head doesn't know of is found")
  void beyondHead() {
    Checked found = checked(sealed, sealed.get(4).head(), null, 100);
    assertEquals("ALTERED 6", found.fault() + " " + (found.verified().seq() + 1));
  }

  @Test
  @DisplayName("A-92 A record's text is canonical JSON, whatever members it has")
  void canonical() {
    var full = new AuditEntry.Caller("0".repeat(32), "req.1", "1".repeat(16), "ann@\"team\"\n", Role.CONSUMER);
    var bare = new AuditEntry.Caller("0".repeat(32), null, null, null, null);
    for (var entry : List.of(new AuditEntry(full, "key.create", "\u00e9 \\ target", 409, Reason.KEY_ACTIVE, 7),
        new AuditEntry(bare, "worker.create", null, 200, null, 1))) {
      String text = AuditRules.seal(new AuditKey("5a".repeat(32)), AuditHead.NONE, entry, Instant.EPOCH).text();
      assertEquals(Json.parse(text).text(), text);
    }
  }
}
