package dev.holdfast.application.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.StoreSwitch;
import dev.holdfast.domain.integrity.exports.ExportSum;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes a copy of a store in a staged folder, and compares it (spec I-85). A copy that was stopped is gone on with: what its store holds
 * is summed up and compared with how the source begins, so that nothing has to be believed of it. Where the two differ, as the source
 * was written to since, or the unfinished store is damaged, it is begun anew.
 */
public final class Copying {
  /** What an unfinished store may be refused for that a new one isn't. */
  private static final Set<Reason> DAMAGE = Set.of(Reason.STORE_CORRUPT, Reason.STORE_MISSING, Reason.JOURNAL_DAMAGED,
      Reason.JOURNAL_TRUNCATED, Reason.SCHEMA_MISMATCH, Reason.FUTURE_SCHEMA, Reason.WORKER_QUARANTINED);

  private static final ExportSum NOTHING = new ExportSum.Counting().sum();

  private final Store source;
  private final StoreOpening opening;
  private final StoreSwitch change;
  private final Consumer<Progress> told;

  /** Where it is. */
  public enum Step {
    /** Told now and then, while what an earlier copy has left is read. */
    FOUND,
    /** Told once, when that is there. */
    GOES_ON,
    /** What an earlier copy has left is of no use. */
    BEGINS_ANEW,
    /** Told now and then, while the source is read. */
    COPIED,
    /** Told now and then, while the copy is read again. */
    COMPARED
  }

  /**
   * How far it is.
   *
   * @param of 0 where it isn't known
   */
  public record Progress(Step step, long records, long of) {}

  /** @param source which nobody writes */
  public Copying(Store source, StoreOpening opening, StoreSwitch change, Consumer<Progress> told) {
    this.source = source;
    this.opening = opening;
    this.change = change;
    this.told = told;
  }

  /**
   * Makes the folder's store equal to the source. It is opened again to be compared: what counts is what a start will find.
   *
   * @param staged a folder of the switch
   * @return what both hold
   * @throws StoreException when anything can't be read or written; the next call goes on with what is there
   */
  public ExportSum into(String staged) {
    Optional<ExportSum> begun = begun(staged);
    if (begun.equals(Optional.of(NOTHING))) {
      return filled(staged, NOTHING).orElseThrow();
    }
    Optional<ExportSum> whole = begun.flatMap(there -> goneOn(staged, there));
    if (whole.isEmpty()) {
      tell(Step.BEGINS_ANEW, 0);
      change.empty(staged);
      return filled(staged, NOTHING).orElseThrow();
    }
    return whole.get();
  }

  private void tell(Step step, long records) {
    told.accept(new Progress(step, records, 0));
  }

  /** Empty where what is in the folder can't be read. */
  private Optional<ExportSum> begun(String staged) {
    try (Store target = opening.open(staged)) {
      return Optional.of(StoreCopy.sum(target, (_, _) -> {
      }, records -> tell(Step.FOUND, records)));
    } catch (StoreException e) {
      return none(e);
    }
  }

  /** Empty where it can't be gone on with. */
  private Optional<ExportSum> goneOn(String staged, ExportSum begun) {
    tell(Step.GOES_ON, begun.records());
    try {
      return filled(staged, begun);
    } catch (StoreException e) {
      return none(e);
    }
  }

  private static Optional<ExportSum> none(StoreException failure) {
    if (DAMAGE.contains(failure.reason())) {
      return Optional.empty();
    }
    throw failure;
  }

  private Optional<ExportSum> filled(String staged, ExportSum begun) {
    Optional<ExportSum> sum;
    try (Store target = opening.open(staged)) {
      sum = StoreCopy.fill(source, target, begun, records -> tell(Step.COPIED, records));
    }
    if (sum.isPresent()) {
      long of = sum.get().records();
      try (Store target = opening.open(staged)) {
        StoreCopy.compare(target, sum.get(), records -> told.accept(new Progress(Step.COMPARED, records, of)));
      }
    }
    return sum;
  }
}
