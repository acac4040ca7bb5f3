package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Resolution;
import dev.holdfast.domain.integrity.stores.Criticality;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a launch does by itself, what waits for an operator's word, and what no word helps (the executor's table of spec
 * integrity §9). What can be made again of the directory, or asked for again, is; evidence isn't moved without a word,
 * unless it is of diagnostics; what a later version wrote isn't touched at all without one of its own.
 */
public final class RecoveryRules {
  private static final String RESTORE = "restore the data directory from a backup";
  private static final String NEWER = "start the version that wrote it, or restore the data directory from a backup";

  private RecoveryRules() {}

  /**
   * Of an action about a store.
   *
   * @throws IllegalArgumentException for one about an unresolved batch, which is treated by its resolution
   */
  public static Treatment treat(Action action, Consents consents) {
    Optional<Descriptor> found = Descriptors.find(action.schemaName());
    if (found.isEmpty()) {
      return new Treatment.Stuck(NEWER);
    }
    Descriptor store = found.get();
    if (action.reason() == Reason.FUTURE_SCHEMA) {
      return store.criticality() == Criticality.READINESS_BLOCKING
          ? new Treatment.Stuck(NEWER)
          : with(consents, store, quarantine(store), true, Consent.APPLY, Consent.DROP_FUTURE);
    }
    return switch (action.kind()) {
      case NONE -> new Treatment.Nothing();
      case REBUILD_FROM_PROVIDER -> byItself(RecoveryStep.REBUILD_FROM_PROVIDER);
      case REBUILD_FROM_CANONICAL_DESTINATION -> byItself(RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION);
      case RERUN_CAPABILITY_DISCOVERY -> byItself(RecoveryStep.RERUN_CAPABILITY_DISCOVERY);
      case QUARANTINE -> moved(action, store, consents);
      case BLOCK_READINESS -> unblock(action, store, consents);
    };
  }

  private static Treatment moved(Action action, Descriptor store, Consents consents) {
    if (Action.DATABASE.equals(action.subject())) {
      // What the store lies in is damaged, and moving the store away wouldn't help.
      return new Treatment.Stuck(RESTORE);
    }
    return store.criticality() == Criticality.DIAGNOSTIC_ONLY
        ? byItself(quarantine(store))
        : with(consents, store, quarantine(store), false, Consent.APPLY);
  }

  private static Treatment unblock(Action action, Descriptor store, Consents consents) {
    return switch (action.reason()) {
      case MISSING, UNCOMMITTED_WRITE ->
        with(consents, store, RecoveryStep.RELAUNCH, false, Consent.APPLY, Consent.RELAUNCH);
      case STALE_RUN_ID, STALE_CAPABILITY_SNAPSHOT, STALE_BEHAVIOR_FINGERPRINT ->
        store.criticality().isRebuildable()
            ? with(consents, store, rebuild(store), false, Consent.APPLY)
            : with(consents, store, RecoveryStep.RESTAMP, false, Consent.APPLY, Consent.RESTAMP);
      case UNCOMMITTED_BATCH -> throw new IllegalArgumentException("a batch is treated by its resolution");
      case null, default -> new Treatment.Stuck(RESTORE);
    };
  }

  /** Of a batch that was found unresolved. Giving one up moves a store's file only with a word. */
  public static Treatment treat(Resolution resolution, Consents consents) {
    return switch (resolution) {
      case Resolution.Settled _ -> new Treatment.Nothing();
      case Resolution.Forward _ -> byItself(RecoveryStep.ROLL_FORWARD);
      case Resolution.Abandon(_, List<String> targets) -> targets.isEmpty()
          ? byItself(RecoveryStep.ABANDON)
          : with(consents, Descriptors.LAUNCH_TRANSACTION, RecoveryStep.ABANDON, false, Consent.APPLY);
    };
  }

  /**
   * Of a directory that no plan can be made for.
   *
   * @param mayBeginAnew whether receipts may, as {@code ManifestRepair} judges it
   */
  public static Treatment treat(Planning.NoPlan damage, boolean mayBeginAnew, Consents consents) {
    return switch (damage.reason()) {
      case MANIFEST_CORRUPT -> with(consents, Descriptors.LAUNCH_STATE, RecoveryStep.REBUILD_MANIFEST_FROM_RECEIPTS,
          false, Consent.APPLY);
      case RECEIPTS_CORRUPT -> mayBeginAnew
          ? with(consents, Descriptors.LAUNCH_STATE, RecoveryStep.BEGIN_RECEIPTS_ANEW, false, Consent.APPLY)
          : new Treatment.Stuck(RESTORE);
      case FUTURE_SCHEMA -> new Treatment.Stuck(NEWER);
      default -> new Treatment.Stuck(RESTORE);
    };
  }

  /** Of a journal that is damaged or ends too early. */
  public static Treatment treatJournal(Consents consents) {
    return with(consents, Descriptors.LAUNCH_STATE, RecoveryStep.CUT_JOURNAL, false, Consent.APPLY,
        Consent.ACCEPT_LOSS);
  }

  private static RecoveryStep rebuild(Descriptor store) {
    return store.rebuildStrategy() == RebuildStrategy.POLL_PROVIDER
        ? RecoveryStep.REBUILD_FROM_PROVIDER
        : RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION;
  }

  private static RecoveryStep quarantine(Descriptor store) {
    return switch (store.rebuildStrategy()) {
      case NONE -> RecoveryStep.QUARANTINE_ONLY;
      case REBUILD_FROM_LAUNCH_STATE -> RecoveryStep.QUARANTINE_AND_REBUILD_FROM_LAUNCH_STATE;
      case POLL_PROVIDER -> RecoveryStep.QUARANTINE_AND_REBUILD_FROM_PROVIDER;
      case VERIFY_CANONICAL_DESTINATIONS -> RecoveryStep.QUARANTINE_AND_REBUILD_FROM_CANONICAL_DESTINATION;
      case RERUN_CAPABILITY_DISCOVERY -> RecoveryStep.QUARANTINE_AND_RERUN_CAPABILITY_DISCOVERY;
      case DROP_AFTER_QUARANTINE -> RecoveryStep.QUARANTINE_AND_EMPTY;
    };
  }

  private static Treatment byItself(RecoveryStep step) {
    return new Treatment.Do(step, false);
  }

  private static Treatment with(
      Consents consents, Descriptor store, RecoveryStep step, boolean afterBackup, Consent... needed) {
    List<Consent> missing = Stream.of(needed).filter(consent -> !consents.has(consent, store.schemaName())).toList();
    return missing.isEmpty() ? new Treatment.Do(step, afterBackup) : new Treatment.Waits(step, missing);
  }
}
