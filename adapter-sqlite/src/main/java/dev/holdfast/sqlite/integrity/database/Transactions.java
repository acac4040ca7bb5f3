package dev.holdfast.sqlite.integrity.database;

import dev.holdfast.domain.integrity.StoreException;
import java.util.function.Function;

/** Ways to the rows of one open database. Each throws {@link StoreException}, and store_poisoned for writes after a failed sync. */
public interface Transactions {

  /** On one consistent state that contains all that was committed before. */
  <T> T read(Function<? super Sql, T> query);

  /** All that the change does, or nothing; durable on return. When the change throws, nothing was changed. */
  <T> T write(Function<? super Sql, T> change);
}
