package dev.holdfast.fs.integrity.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.SoftTable;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.integrity.rebuild.OutsideOwners;
import dev.holdfast.domain.integrity.rebuild.OutsideOwnersContract;
import dev.holdfast.domain.integrity.records.ProviderRecords;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.RelayRows;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PublishersOutsideTest extends OutsideOwnersContract {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final Store store = new MemoryStore();

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected OutsideOwners open() {
    store.write(_ -> Decision.done(1, List.of(new ProviderChange.VirtualPut(RelayRows.served("v", 'a', NOW)),
        new ProviderChange.PublicPut(RelayRows.plain("p", NOW)))));
    return new PublishersOutside(() -> store);
  }

  @Test
  @DisplayName("the provider table has the virtual providers that the store knows, and no public one")
  void known() {
    Map<String, Json> expected = Map.of("v", ProviderRecords.VIRTUAL.json(RelayRows.served("v", 'a', NOW)));
    assertEquals(Optional.of(new SoftTable(0, new TreeMap<>(expected)).json()),
        open().poll(Descriptors.PROVIDER_TABLE));
  }

  @Test
  @DisplayName("while the store can't be opened, nobody can be asked for the provider table")
  void damaged() {
    var outside = new PublishersOutside(() -> {
      throw new IllegalStateException(StoreException.unusable(Reason.JOURNAL_DAMAGED, "damaged"));
    });
    assertEquals(Optional.empty(), outside.poll(Descriptors.PROVIDER_TABLE));
    assertEquals(true, outside.poll(Descriptors.ENGINE_TABLE).isPresent());
  }
}
