package dev.holdfast.application.relay.providers;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The providers of each model as the store has them; every call asks for them, and they seldom change. */
public final class Roster {
  private final UnitsOfWork units;
  // Guarded by this.
  /** Only of models that have any, so that made-up names take no room. */
  private final Map<String, List<Provider>> byModel = new HashMap<>();
  private long changes;

  public Roster(UnitsOfWork units) {
    this.units = units;
    units.whenWritten(this::written);
  }

  private void written(List<Change> written) {
    for (Change change : written) {
      if (change instanceof ProviderChange) {
        forget();
        return;
      }
    }
  }

  private synchronized void forget() {
    byModel.clear();
    changes++;
  }

  /** By name. */
  public List<Provider> of(String model) {
    long before;
    synchronized (this) {
      List<Provider> known = byModel.get(model);
      if (known != null) {
        return known;
      }
      before = changes;
    }
    List<Provider> found = List.copyOf(units.read(state -> state.providersOf(model)));
    synchronized (this) {
      if (before == changes && !found.isEmpty()) {
        byModel.put(model, found);
      }
    }
    return found;
  }
}
