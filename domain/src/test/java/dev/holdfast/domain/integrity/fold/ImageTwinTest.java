package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.records.ImageRecords;
import dev.holdfast.domain.turns.simulation.Backend;
import dev.holdfast.domain.turns.simulation.TwinSimulation;
import java.util.List;
import java.util.function.Function;

/** What isn't history is written as an image and read again, at every start and now and then between two units. */
class ImageTwinTest extends TwinSimulation {
  @Override
  protected Backend backend(long seed) {
    return new Backend() {
      @Override
      public Store open() {
        return new FromImages(new HeapArchive(), new MemoryState());
      }

      @Override
      public Store restart(Store killed) {
        return ((FromImages) killed).again();
      }
    };
  }

  @Override
  protected int usual() {
    return 200;
  }

  private static final class FromImages implements Store {
    private static final int EVERY = 7;
    private final Archive archive;
    private MemoryState state;
    private int units;

    FromImages(Archive archive, MemoryState empty) {
      this.archive = archive;
      this.state = MemoryState.of(empty.image(), archive);
    }

    private Store again() {
      return new FromImages(archive, state);
    }

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      Decision<T> decision = rule.decide(state);
      List<Change> unit = decision.changes();
      state.apply(unit);
      if (++units % EVERY == 0) {
        Image image = ImageRecords.IMAGE.ofBytes(ImageRecords.IMAGE.bytes(state.image()));
        state = MemoryState.of(image, archive);
      }
      return decision.outcome();
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      return query.apply(state);
    }

    @Override
    public String backend() {
      return "memory";
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
