package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.batches.Entry;
import dev.holdfast.domain.integrity.batches.Manifest;
import dev.holdfast.domain.integrity.batches.ManifestRepair;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.batches.Receipts;
import dev.holdfast.domain.integrity.batches.StagedName;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.Action;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Plan;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.recovery.RecoveryRules;
import dev.holdfast.domain.integrity.recovery.RecoveryStep;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.recovery.Treatment;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.domain.integrity.stores.StoreState;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does what {@link RecoveryRules} allow about what a plan finds (spec integrity §9): first the lists are mended, then batches
 * resolved, then each store. It may die at any change of the disk, and is begun again then.
 */
public final class Recovery {
  private final StoreFolder folder;
  private final BatchWriter writer;
  private final BatchResolver resolver;
  private final StoreRebuilder rebuilder;
  private final CanonicalDestinations destinations;
  private final String dataDirId;
  private final Ids ids;

  /** @param dataDirId of store.json */
  public Recovery(StoreFolder folder, BatchWriter writer, Rebuilding sources, String dataDirId, Ids ids) {
    this.folder = folder;
    this.writer = writer;
    this.resolver = new BatchResolver(folder);
    this.rebuilder = new StoreRebuilder(folder, writer, sources, dataDirId, ids);
    this.destinations = sources.destinations();
    this.dataDirId = dataDirId;
    this.ids = ids;
  }

  /**
   * What a recovery is for.
   *
   * @param present identities under which stores are written anew where the manifest has none to go on with; null where none
   *     are known
   */
  public record Asked(Consents consents, @Nullable Identities present, Instant now) {
    /** As a launch asks. */
    public static Asked byItself(Instant now) {
      return new Asked(Consents.NONE, null, now);
    }
  }

  /** Looks and writes nothing. */
  public Planning plan(Instant now) {
    return writer.guarded("the stores could not be read", () -> planned(now));
  }

  private Planning planned(Instant now) throws IOException {
    return Planner.plan(folder.survey(), new Planner.Asked(PlanId.random(ids), dataDirId, null, now));
  }

  /**
   * Does what is allowed; the rest stays as it is.
   *
   * @throws StoreException when the disk fails
   */
  public Recovered recover(Asked asked) {
    return writer.guarded("the stores could not be mended", () -> {
      // A process that was killed leaves names that no power cut has tried: what is judged now must still be so then.
      WholeFiles.sync(folder.top());
      WholeFiles.sync(folder.stores());
      List<StepTaken> steps = new ArrayList<>(cutJournal(asked.consents()));
      steps.addAll(mendLists(asked));
      if (planned(asked.now()) instanceof Planning.Planned) {
        steps.addAll(resolver.resolve(asked.consents(), asked.now()));
        if (planned(asked.now()) instanceof Planning.Planned(Plan plan)) {
          steps.addAll(mendStores(plan, asked));
        }
      }
      return new Recovered(steps, planned(asked.now()));
    });
  }

  /** First of all, as stores are made anew of the journal. */
  private List<StepTaken> cutJournal(Consents consents) throws IOException {
    if (!(RecoveryRules.treatJournal(consents) instanceof Treatment.Do(var step, _))) {
      return List.of();
    }
    return destinations.giveUp(folder.marks()).stream()
        .map(evidence -> new StepTaken(step, Descriptors.LAUNCH_STATE.schemaName(), null, evidence)).toList();
  }

  /** Manifest and receipts: without them nothing can be told of the rest. */
  private List<StepTaken> mendLists(Asked asked) throws IOException {
    List<StepTaken> steps = new ArrayList<>();
    Optional<StepTaken> mended = mendList(asked);
    if (mended.isPresent()) {
      steps.add(mended.get());
      mendList(asked).filter(second -> second.step() != steps.getFirst().step()).ifPresent(steps::add);
    }
    return steps;
  }

  private Optional<StepTaken> mendList(Asked asked) throws IOException {
    if (!(planned(asked.now()) instanceof Planning.NoPlan damage)
        || !(RecoveryRules.treat(damage, mayBeginAnew(damage),
            asked.consents()) instanceof Treatment.Do(var step, _))) {
      return Optional.empty();
    }
    return step == RecoveryStep.REBUILD_MANIFEST_FROM_RECEIPTS ? rebuildManifest(asked) : beginReceiptsAnew(asked);
  }

  private Optional<StepTaken> rebuildManifest(Asked asked) throws IOException {
    Receipts receipts;
    try {
      receipts = folder.receipts();
    } catch (StoreException _) {
      // Both are lost, so nothing tells what belongs together.
      return Optional.empty();
    }
    String evidence = keepList(StoreFolder.MANIFEST, Reason.MANIFEST_CORRUPT);
    folder.write(ManifestRepair.rebuilt(receipts, folder.targets(), folder.staged(), dataDirId, asked.now()),
        asked.now());
    return Optional.of(taken(RecoveryStep.REBUILD_MANIFEST_FROM_RECEIPTS, evidence));
  }

  private Optional<StepTaken> beginReceiptsAnew(Asked asked) throws IOException {
    String evidence = keepList(StoreFolder.RECEIPTS, Reason.RECEIPTS_CORRUPT);
    folder.write(Receipts.NONE, asked.now());
    return Optional.of(taken(RecoveryStep.BEGIN_RECEIPTS_ANEW, evidence));
  }

  private @Nullable String keepList(String name, Reason state) throws IOException {
    byte[] bytes = WholeFiles.read(folder.top(), name);
    return bytes == null ? null : folder.quarantine().keep(name, state, bytes);
  }

  private static StepTaken taken(RecoveryStep step, @Nullable String evidence) {
    return new StepTaken(step, Descriptors.LAUNCH_STATE.schemaName(), null,
        evidence == null ? List.of() : List.of(evidence));
  }

  private boolean mayBeginAnew(Planning.NoPlan damage) throws IOException {
    if (damage.reason() != Reason.RECEIPTS_CORRUPT) {
      return false;
    }
    Manifest manifest = folder.manifest();
    List<StagedName> staged = folder.staged();
    List<StoreState> states = new ArrayList<>();
    for (Entry entry : manifest.entries()) {
      Optional<Descriptor> store = Descriptors.find(entry.schemaName());
      states.add(store.isEmpty() ? StoreState.FUTURE_SCHEMA : state(store.get(), entry));
    }
    return ManifestRepair.mayBeginAnew(states, staged);
  }

  private StoreState state(Descriptor store, Entry entry) throws IOException {
    return Inspected.of(Schemas.of(store), entry.file().contentHash(), folder.read(store)).state();
  }

  private List<StepTaken> mendStores(Plan plan, Asked asked) throws IOException {
    List<StepTaken> steps = new ArrayList<>();
    List<String> moved = new ArrayList<>();
    boolean batchWaits = plan.actions().stream().anyMatch(action -> action.reason() == Reason.UNCOMMITTED_BATCH);
    for (Action action : plan.actions()) {
      // No batch can be written, nor is it known what the files should be, while another waits for an operator.
      if (!batchWaits && RecoveryRules.treat(action, asked.consents()) instanceof Treatment.Do(var step, var backup)) {
        Descriptor store = Descriptors.find(action.schemaName()).orElseThrow();
        rebuilder.mend(new StoreRebuilder.Mending(store, step, backup, identities(asked), plan.expected()), asked.now())
            .ifPresent(steps::add);
        if (step == RecoveryStep.QUARANTINE_ONLY) {
          moved.add(store.schemaName());
        }
      }
    }
    if (!steps.isEmpty()) {
      folder.write(folder.manifest().recovered(plan.id(), moved, asked.now()), asked.now());
    }
    return steps;
  }

  /** Those that the manifest goes on with, so that no other store becomes stale by it. */
  private @Nullable Identities identities(Asked asked) throws IOException {
    Identities active = folder.manifest().active();
    return active == null ? asked.present() : active;
  }
}
