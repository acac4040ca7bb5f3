package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.batches.StoreBatchId;
import dev.holdfast.domain.integrity.recovery.Survey.Look;
import dev.holdfast.domain.integrity.stores.Criticality;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges what there was to see (spec I-40). Damage of one store never hides another's. */
public final class Planner {
  private Planner() {}

  /**
   * What a plan is made for.
   *
   * @param dataDirId of store.json
   * @param expected identities to hold the stores against; null for the manifest's own active ones
   */
  public record Asked(PlanId id, String dataDirId, @Nullable Identities expected, Instant at) {}

  public static Planning plan(Survey survey, Asked asked) {
    return switch (survey) {
      case Survey.Unreadable(Reason reason, String note) -> new Planning.NoPlan(reason, note);
      case Survey.Read read -> new Planning.Planned(plan(read, asked));
    };
  }

  private static Plan plan(Survey.Read read, Asked asked) {
    Identities expected = asked.expected() == null ? read.active() : asked.expected();
    List<Action> actions = new ArrayList<>();
    List<Finding> diagnostics = new ArrayList<>();
    String dataDirId = read.dataDirId();
    if (dataDirId != null && !dataDirId.equals(asked.dataDirId())) {
      actions.add(Action.blocks(Descriptors.LAUNCH_STATE, Reason.MANIFEST_IDENTITY_MISMATCH, null));
      diagnostics.add(new Finding(Reason.MANIFEST_IDENTITY_MISMATCH, null, "the manifest is of " + dataDirId));
    }
    for (Look look : read.looks()) {
      Action action = action(look, expected);
      actions.add(action);
      if (action.reason() != null) {
        diagnostics.add(finding(look, action.reason()));
      }
    }
    for (StoreBatchId batch : read.unresolved()) {
      actions.add(Action.blocks(Descriptors.LAUNCH_TRANSACTION, Reason.UNCOMMITTED_BATCH, batch.value()));
      diagnostics.add(Finding.of(Reason.UNCOMMITTED_BATCH, batch.value()));
    }
    return new Plan(asked.id(), asked.dataDirId(), expected, asked.at(), actions, diagnostics);
  }

  private static Action action(Look look, @Nullable Identities expected) {
    Descriptor store = look.store();
    Optional<Reason> damage = look.inspected().state().reason();
    if (damage.isPresent()) {
      return new Action(ActionKind.of(store.rebuildStrategy(), look.inspected().state()), store.schemaName(),
          damage.get(), liesInDamage(look.inspected()) ? Action.DATABASE : null);
    }
    Identities stamped = look.stamped();
    if (expected == null || stamped == null || store.criticality() == Criticality.DIAGNOSTIC_ONLY) {
      return Action.none(store);
    }
    return stamped.staleAgainst(expected).map(reason -> Action.blocks(store, reason, null))
        .orElseGet(() -> Action.none(store));
  }

  private static boolean liesInDamage(Inspected inspected) {
    return inspected instanceof Inspected.Quarantined(Reason fault, _) && fault == Reason.STORE_CORRUPT;
  }

  /** A file that can't be read is told by what is wrong with it. */
  private static Finding finding(Look look, Reason reason) {
    Reason told = look.inspected() instanceof Inspected.Quarantined(Reason fault, _) ? fault : reason;
    return new Finding(told, look.store().schemaName(), look.inspected().note());
  }
}
