package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.Action;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Plan;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.RecoveryRules;
import dev.holdfast.domain.integrity.recovery.RecoveryStep;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.recovery.Treatment;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.database.Transactions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Does what {@link RecoveryRules} allow about what a plan finds, each step in one transaction. */
final class TableRecovery {
  private final Supplier<Transactions> database;
  private final StoreWrites writes;
  private final TableStores.Place place;
  private final Rebuilding sources;
  private final Ids ids;

  TableRecovery(Supplier<Transactions> database, StoreWrites writes, TableStores.Place place, Rebuilding sources,
      Ids ids) {
    this.database = database;
    this.writes = writes;
    this.place = place;
    this.sources = sources;
    this.ids = ids;
  }

  /**
   * What a recovery is for.
   *
   * @param present identities where the database has none to go on with; null where none are known
   * @param faults of the file that the stores lie in
   */
  record Asked(Consents consents, @Nullable Identities present, Instant now, DatabaseFaults faults) {}

  /** @return the steps that were made */
  List<StepTaken> recover(Asked asked) {
    if (asked.faults().tables() != null) {
      // What is written into damaged pages may take sound ones with it.
      return List.of();
    }
    List<StepTaken> steps = new ArrayList<>(mendMeta(asked));
    if (database.get().read(StoreTables::isUntouched)) {
      steps.addAll(adopt(asked));
    } else if (planned(asked) instanceof Planning.Planned(Plan plan)) {
      steps.addAll(mendStores(plan, asked));
    }
    return steps;
  }

  private Planning planned(Asked asked) {
    return planned(asked.now(), asked.faults());
  }

  Planning planned(Instant now, DatabaseFaults faults) {
    return Planner.plan(faults.over(database.get().read(StoreTables::survey)),
        new Planner.Asked(PlanId.random(ids), place.dataDirId(), null, now));
  }

  /** Each row tells which batch wrote it and for which run, so the row that was lost is made of the newest. */
  private List<StepTaken> mendMeta(Asked asked) {
    if (planned(asked) instanceof Planning.NoPlan damage
        && RecoveryRules.treat(damage, false, asked.consents()) instanceof Treatment.Do(var step, _)) {
      StepTaken taken = database.get().write(sql -> {
        String evidence = writes.keepMeta(sql);
        writes.rebuiltMeta(sql, asked.now()).put(sql);
        return taken(step, Descriptors.LAUNCH_STATE, evidence);
      });
      return List.of(taken);
    }
    return List.of();
  }

  /**
   * A database that has just got the stores' tables by a migration has nothing in them, and lost nothing. Its stores are made of
   * its rows, all at once; until it has a runtime there is nothing to make them of.
   */
  private List<StepTaken> adopt(Asked asked) {
    Identities present = asked.present();
    if (present == null) {
      return List.of();
    }
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    List<StepTaken> steps = new ArrayList<>();
    for (Descriptor store : Descriptors.ALL) {
      RecoveryStep step = adopting(store.rebuildStrategy());
      sources.content(store, step, present).ifPresent(content -> contents.put(store, content));
      steps.add(new StepTaken(step, store.schemaName(), null, List.of()));
    }
    if (contents.size() < Descriptors.ALL.size()) {
      return List.of();
    }
    database.get().write(sql -> writes.write(sql, new StoreWrites.Draft(BatchReason.MIGRATION, present, asked.now()),
        contents)).orThrow();
    return steps;
  }

  private static RecoveryStep adopting(RebuildStrategy strategy) {
    return switch (strategy) {
      case NONE, REBUILD_FROM_LAUNCH_STATE -> RecoveryStep.RELAUNCH;
      case POLL_PROVIDER -> RecoveryStep.REBUILD_FROM_PROVIDER;
      case VERIFY_CANONICAL_DESTINATIONS -> RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION;
      case RERUN_CAPABILITY_DISCOVERY -> RecoveryStep.RERUN_CAPABILITY_DISCOVERY;
      case DROP_AFTER_QUARANTINE -> RecoveryStep.QUARANTINE_AND_EMPTY;
    };
  }

  private List<StepTaken> mendStores(Plan plan, Asked asked) {
    List<StepTaken> steps = new ArrayList<>();
    for (Action action : plan.actions()) {
      if (RecoveryRules.treat(action, asked.consents()) instanceof Treatment.Do(var step, var backup)
          && (!backup || sources.verifiedBackup().getAsBoolean())) {
        mend(Descriptors.find(action.schemaName()).orElseThrow(), step, plan, asked).ifPresent(steps::add);
      }
    }
    return steps;
  }

  /** @return empty when it can't be done now, which a later plan tells again */
  private Optional<StepTaken> mend(Descriptor store, RecoveryStep step, Plan plan, Asked asked) {
    return switch (step) {
      case RESTAMP -> restamp(store, plan, asked);
      case QUARANTINE_ONLY -> Optional.of(database.get().write(sql -> {
        String evidence = writes.keepEvidence(sql, store);
        StoreRow.delete(sql, store);
        return done(sql, taken(step, store, evidence), plan, asked);
      }));
      case REBUILD_FROM_PROVIDER, QUARANTINE_AND_REBUILD_FROM_PROVIDER, RERUN_CAPABILITY_DISCOVERY,
          QUARANTINE_AND_RERUN_CAPABILITY_DISCOVERY, QUARANTINE_AND_EMPTY, REBUILD_FROM_CANONICAL_DESTINATION,
          QUARANTINE_AND_REBUILD_FROM_CANONICAL_DESTINATION, QUARANTINE_AND_REBUILD_FROM_LAUNCH_STATE, RELAUNCH ->
        rewrite(store, step, plan, asked);
      case ROLL_FORWARD, ABANDON, REBUILD_MANIFEST_FROM_RECEIPTS, BEGIN_RECEIPTS_ANEW, CUT_JOURNAL ->
        throw new IllegalArgumentException("no step of a store: " + step.text());
    };
  }

  private Optional<StepTaken> restamp(Descriptor store, Plan plan, Asked asked) {
    Identities expected = plan.expected();
    return expected == null ? Optional.empty() : Optional.of(database.get().write(sql -> {
      StoreRow.restamp(sql, store, expected);
      return done(sql, taken(RecoveryStep.RESTAMP, store, null), plan, asked);
    }));
  }

  private Optional<StepTaken> rewrite(Descriptor store, RecoveryStep step, Plan plan, Asked asked) {
    Identities under = plan.expected() == null ? asked.present() : plan.expected();
    Optional<Json> content = sources.content(store, step, under);
    if (content.isEmpty() || under == null) {
      return Optional.empty();
    }
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    contents.put(store, content.get());
    boolean reindexes = store.equals(Descriptors.JOURNAL_INDEX) && asked.faults().index() != null;
    if (reindexes && !reindexed()) {
      return Optional.empty();
    }
    return Optional.of(database.get().write(sql -> {
      String evidence = writes.keepEvidence(sql, store);
      // What a later version wrote is replaced by nobody who wasn't told to, as this step was.
      StoreRow.delete(sql, store);
      writes.write(sql, new StoreWrites.Draft(step.batchReason(), under, asked.now()), contents).orThrow();
      return done(sql, taken(step, store, evidence), plan, asked);
    }));
  }

  /** The tables are sound, so each index can be made anew of its own; one whose pages are damaged can't even be cleared. */
  private boolean reindexed() {
    try {
      return database.get().write(sql -> {
        sql.execute("REINDEX");
        return true;
      });
    } catch (StoreException e) {
      if (e.reason() == Reason.STORE_CORRUPT) {
        return false;
      }
      throw e;
    }
  }

  private static StepTaken done(Sql sql, StepTaken taken, Plan plan, Asked asked) {
    StoreTables.meta(sql).ifPresent(meta -> meta.recovered(plan.id(), asked.now()).put(sql));
    return taken;
  }

  private static StepTaken taken(RecoveryStep step, Descriptor store, @Nullable String evidence) {
    return new StepTaken(step, store.schemaName(), null, evidence == null ? List.of() : List.of(evidence));
  }
}
