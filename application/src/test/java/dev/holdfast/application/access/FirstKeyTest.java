package dev.holdfast.application.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FirstKeyTest {
  private final AtomicLong drawn = new AtomicLong();
  private final Ids ids = digits -> ("%0" + digits + "x").formatted(drawn.incrementAndGet());
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private final Store store = new MemoryStore();
  private final KeyFile directory = new KeyFile();
  private final UnitsOfWork units =
      new UnitsOfWork(store, new NewsRoom(), new NodeState(), directory.auditKey(), clock);
  private final KeyCheck check = new KeyCheck(units, clock);
  private final Keys keys = new Keys(units, check, ids, clock);

  /** A data directory of which only the key's file matters. */
  private static final class KeyFile implements DataDirectory {
    private String text = "";
    private int writes;

    @Override
    public String location() {
      return "memory";
    }

    @Override
    public String id() {
      return "dd-test";
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public String writeAdminKey(PresentedKey key) {
      text = key.text();
      writes++;
      return adminKeyFile();
    }

    @Override
    public String adminKeyFile() {
      return "admin.key";
    }

    @Override
    public boolean fresh() {
      return true;
    }

    @Override
    public boolean hasStore() {
      return false;
    }

    @Override
    public void settled() {
      // It has no stores.
    }

    @Override
    public SortedMap<String, Long> sizes() {
      return new TreeMap<>();
    }

    @Override
    public AuditKey auditKey() {
      return new AuditKey("5a".repeat(32));
    }

    @Override
    public void close() {}
  }

  @Test
  @DisplayName("A-A6 a crash between key file and row: the next start yields exactly one working admin key")
  void crashBetweenFileAndRow() {
    PresentedKey orphan = PresentedKey.random(ids);
    directory.writeAdminKey(orphan);

    keys.createFirst(directory);

    Key key = check.check(directory.text).orThrow();
    assertEquals(Role.ADMIN, key.role());
    assertEquals(1L, store.read(state -> state.keyCount()).longValue());
    assertEquals(Outcome.refused(Reason.INVALID_KEY), check.check(orphan.text()));
  }

  @Test
  @DisplayName("a later start writes no key")
  void laterStart() {
    keys.createFirst(directory);
    String first = directory.text;
    keys.createFirst(directory);
    assertEquals(1, directory.writes);
    assertEquals(first, directory.text);
  }
}
