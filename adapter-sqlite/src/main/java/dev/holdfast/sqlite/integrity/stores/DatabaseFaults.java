package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.recovery.Survey.Look;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.sqlite.integrity.database.Soundness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Damage of what all stores lie in, as it is told of the store that it makes useless (spec I-96): without sound tables nothing can
 * be launched, and an index is made anew of its table.
 *
 * @param tables pages, rows or references of tables
 * @param index one that isn't what its table says
 */
public record DatabaseFaults(@Nullable String tables, @Nullable String index) {

  public static DatabaseFaults of(Soundness found) {
    return new DatabaseFaults(found.pages() == null ? found.references() : found.pages(), found.indexes());
  }

  /** The survey with these faults in it. */
  public Survey over(Survey survey) {
    if (tables == null && index == null) {
      return survey;
    }
    return switch (survey) {
      case Survey.Unreadable unreadable -> tables == null
          ? unreadable
          : new Survey.Read(null, null, List.of(look(Descriptors.LAUNCH_STATE, tables)), List.of());
      case Survey.Read(var dataDirId, var active, List<Look> looks, var unresolved) ->
        new Survey.Read(dataDirId, active, over(looks), unresolved);
    };
  }

  private List<Look> over(List<Look> looks) {
    List<Look> told = new ArrayList<>(looks);
    if (tables != null) {
      replace(told, look(Descriptors.LAUNCH_STATE, tables));
    }
    if (index != null) {
      replace(told, look(Descriptors.JOURNAL_INDEX, index));
    }
    return told;
  }

  private static void replace(List<Look> looks, Look by) {
    List<Descriptor> stores = looks.stream().map(Look::store).toList();
    int at = stores.indexOf(by.store());
    if (at < 0) {
      looks.add(by);
    } else {
      looks.set(at, by);
    }
  }

  private static Look look(Descriptor store, String what) {
    return new Look(store, new Inspected.Quarantined(Reason.STORE_CORRUPT, what), null);
  }
}
