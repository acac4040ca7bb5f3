package dev.holdfast.domain.integrity.batches;

/** A batch beside the manifest, which alone tells whether it is applied (spec I-30). */
public record Standing(Batch batch, Manifest manifest) {

  public boolean isApplied() {
    return batch.sequence() <= manifest.highWatermark();
  }

  /** Whether it must be rolled forward or abandoned before the store can be used, or another batch begin (spec I-32). */
  public boolean isUnresolved() {
    return switch (batch.state()) {
      case BatchState.Preparing _,BatchState.Failed _ -> true;
      case BatchState.Committed _ -> !isApplied();
      case BatchState.RolledForward _,BatchState.Abandoned _ -> false;
    };
  }

  Standing in(BatchState next) {
    return new Standing(batch.in(next), manifest);
  }

  Standing with(Manifest next) {
    return new Standing(batch, next);
  }
}
