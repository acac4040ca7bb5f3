package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.BatchState.Abandoned;
import dev.holdfast.domain.integrity.batches.BatchState.Committed;
import dev.holdfast.domain.integrity.batches.BatchState.Durable;
import dev.holdfast.domain.integrity.batches.BatchState.Failed;
import dev.holdfast.domain.integrity.batches.BatchState.Preparing;
import dev.holdfast.domain.integrity.batches.BatchState.RolledForward;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Preparing → committed → applied, as the writer goes on; from any point before that to rolled_forward or abandoned, by
 * whoever finds the batch unresolved (spec integrity §6). A batch's files, receipts and manifest are written in this order,
 * so whatever of it a crash leaves is one of these states.
 */
public final class BatchRules {
  private BatchRules() {}

  /**
   * Step 1: the receipts with the batch in them, after which nothing is at its place yet.
   *
   * @return invalid_batch without identities, batch_exists for a known id, batch_unresolved while another is unresolved
   *     (spec I-23)
   */
  public static Outcome<Receipts> begin(Receipts receipts, Manifest manifest, BatchDraft draft) {
    if (draft.identities() == null) {
      return Outcome.refused(Reason.INVALID_BATCH, "batch_id", draft.id().value());
    }
    if (receipts.find(draft.id()).isPresent()) {
      return Outcome.refused(Reason.BATCH_EXISTS, "batch_id", draft.id().value());
    }
    List<Batch> unresolved = receipts.unresolved(manifest);
    if (!unresolved.isEmpty()) {
      return Outcome.refused(Reason.BATCH_UNRESOLVED, "batch_id", unresolved.getFirst().id().value());
    }
    var batch = new Batch(draft.id(), manifest.highWatermark() + 1, draft.dataDirId(), draft.identities(),
        draft.reason(), draft.startedAt(), new Preparing());
    return new Outcome.Done<>(receipts.with(batch).trimmed(manifest));
  }

  /** Step 2: for people who look at the manifest; nothing depends on it. */
  public static Manifest announced(Manifest manifest, Batch batch, Instant now) {
    return manifest.preparing(batch, now);
  }

  /**
   * What becomes of the batch and of the manifest. Replayed tells that nothing is to change.
   *
   * @return invalid_batch with the state, for a resolution that the batch can't have
   * @throws IllegalStateException for what a writer can't come to from there
   */
  public static Outcome<Standing> on(Standing before, BatchEvent event) {
    return switch (event) {
      case BatchEvent.ReceiptsDurable(Durable durable) -> {
        requirePreparing(before, event);
        yield new Outcome.Done<>(before.in(new Committed(durable)));
      }
      case BatchEvent.WritingFailed(String error) -> {
        requirePreparing(before, event);
        yield new Outcome.Done<>(before.in(new Failed(noted(error), null)));
      }
      case BatchEvent.ApplyingFailed(String error) ->
        new Outcome.Done<>(before.in(new Failed(noted(error), committed(before, event))));
      case BatchEvent.Applied(Instant at) -> {
        committed(before, event);
        yield new Outcome.Done<>(before.with(before.manifest().applied(before.batch(), at)));
      }
      case BatchEvent.RolledForward forward -> rolledForward(before, forward);
      case BatchEvent.Abandoned() -> abandoned(before);
    };
  }

  private static Outcome<Standing> rolledForward(Standing before, BatchEvent.RolledForward event) {
    return switch (before.batch().state()) {
      case Preparing _ -> refused(before);
      case Committed _ when before.isApplied() -> new Outcome.Replayed<>(before);
      case Committed(Durable durable) -> rolledForward(before, event, durable, null);
      case Failed(String error, Durable durable) -> rolledForward(before, event, durable, error);
      case RolledForward _,Abandoned _ -> new Outcome.Replayed<>(before);
    };
  }

  private static Outcome<Standing> rolledForward(
      Standing before, BatchEvent.RolledForward event, @Nullable Durable durable, @Nullable String error) {
    if (durable == null || !event.found().holdAll(durable.receipts())) {
      return refused(before);
    }
    // The manifest may have been written before the batch failed; it is never applied twice (spec I-33).
    Manifest after = before.isApplied() ? before.manifest() : before.manifest().applied(before.batch(), event.at());
    return new Outcome.Done<>(before.in(new RolledForward(durable, error)).with(after));
  }

  private static Outcome<Standing> abandoned(Standing before) {
    return switch (before.batch().state()) {
      case Preparing _ -> new Outcome.Done<>(before.in(new Abandoned(null, null)));
      case Committed _ when before.isApplied() -> refused(before);
      case Committed(Durable durable) -> new Outcome.Done<>(before.in(new Abandoned(durable, null)));
      case Failed(String error, Durable durable) -> new Outcome.Done<>(before.in(new Abandoned(durable, error)));
      case RolledForward _,Abandoned _ -> new Outcome.Replayed<>(before);
    };
  }

  private static void requirePreparing(Standing before, BatchEvent event) {
    if (!(before.batch().state() instanceof Preparing)) {
      throw impossible(before, event);
    }
  }

  private static Durable committed(Standing before, BatchEvent event) {
    if (before.batch().state() instanceof Committed(Durable durable) && !before.isApplied()) {
      return durable;
    }
    throw impossible(before, event);
  }

  private static IllegalStateException impossible(Standing before, BatchEvent event) {
    return new IllegalStateException(
        before.batch().id() + " is " + before.batch().state().text() + ", there is no "
            + event.getClass().getSimpleName());
  }

  private static Outcome<Standing> refused(Standing before) {
    return Outcome.refused(Reason.INVALID_BATCH, "state", before.batch().state().text());
  }

  private static String noted(String error) {
    if (error.isBlank()) {
      return "unknown";
    }
    return error.length() > BatchState.MOST_ERROR ? error.substring(0, BatchState.MOST_ERROR) : error;
  }
}
