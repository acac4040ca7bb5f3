package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import java.util.function.Supplier;

/** Where a schedule keeps its state, and what a kill of the node does to it. */
public interface Backend {
  Store open();

  /** The node was killed and starts again on what was stored. */
  Store restart(Store killed);

  /** A memory that outlives the node, as a disk would: what was answered is there. */
  static Backend memory() {
    return keeping(MemoryStore::new);
  }

  /** The store itself outlives the node. */
  static Backend keeping(Supplier<Store> opening) {
    return new Backend() {
      @Override
      public Store open() {
        return opening.get();
      }

      @Override
      public Store restart(Store killed) {
        return killed;
      }
    };
  }
}
