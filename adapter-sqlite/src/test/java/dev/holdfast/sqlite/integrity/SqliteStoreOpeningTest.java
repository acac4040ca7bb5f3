package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.StoreOpeningContract;
import java.time.Instant;

class SqliteStoreOpeningTest extends StoreOpeningContract {
  @Override
  protected StoreOpening opening() {
    return new SqliteStoreOpening(() -> Instant.EPOCH);
  }
}
