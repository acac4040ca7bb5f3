package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Texts;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far a batch has come (spec integrity §6). Whether a committed one is applied is told by the manifest (spec I-30). */
public sealed interface BatchState {
  /** Characters of an error that are kept. */
  int MOST_ERROR = 1000;

  /** Begun; its receipts aren't durable. */
  record Preparing() implements BatchState {}

  record Committed(Durable durable) implements BatchState {}

  /** @param durable null when it failed before its receipts were durable */
  record Failed(String error, @Nullable Durable durable) implements BatchState {}

  /** @param error why it had failed, null when it hadn't */
  record RolledForward(Durable durable, @Nullable String error) implements BatchState {}

  /** @param durable as it was when it was given up; the batch's files are in quarantine */
  record Abandoned(@Nullable Durable durable, @Nullable String error) implements BatchState {}

  /**
   * Receipts that are on disk.
   *
   * @param receipts at least one, one for each store, in the order of writing
   */
  record Durable(List<Receipt> receipts, Instant completedAt) {
    public Durable {
      receipts = List.copyOf(receipts);
      if (receipts.isEmpty()) {
        throw new IllegalArgumentException("a batch writes at least one store");
      }
      Set<String> stores = new HashSet<>();
      receipts.forEach(receipt -> {
        if (!stores.add(receipt.file().schemaName())) {
          throw new IllegalArgumentException("a batch writes a store once: " + receipt.file().schemaName());
        }
      });
    }
  }

  /** The name of the state on the wire. */
  default String text() {
    return switch (this) {
      case Preparing _ -> "preparing";
      case Committed _ -> "committed";
      case Failed _ -> "failed";
      case RolledForward _ -> "rolled_forward";
      case Abandoned _ -> "abandoned";
    };
  }

  default @Nullable Durable durable() {
    return switch (this) {
      case Preparing _ -> null;
      case Committed(Durable durable) -> durable;
      case Failed(_, Durable durable) -> durable;
      case RolledForward(Durable durable, _) -> durable;
      case Abandoned(Durable durable, _) -> durable;
    };
  }

  default @Nullable String error() {
    return switch (this) {
      case Preparing _,Committed _ -> null;
      case Failed(String error, _) -> error;
      case RolledForward(_, String error) -> error;
      case Abandoned(_, String error) -> error;
    };
  }

  /** @throws IllegalArgumentException when there is no such state, or it is told with what it can't have */
  static BatchState of(String text, @Nullable Durable durable, @Nullable String error) {
    BatchState state = switch (text) {
      case "preparing" -> new Preparing();
      case "committed" -> new Committed(required(durable));
      case "failed" -> new Failed(Texts.requireText(error == null ? "" : error, MOST_ERROR, "an error"), durable);
      case "rolled_forward" -> new RolledForward(required(durable), error);
      case "abandoned" -> new Abandoned(durable, error);
      default -> throw new IllegalArgumentException("no state of a batch: " + text);
    };
    if (!Objects.equals(state.durable(), durable) || !Objects.equals(state.error(), error)) {
      throw new IllegalArgumentException("a batch that is " + text + " has no receipts or no error");
    }
    return state;
  }

  private static Durable required(@Nullable Durable durable) {
    if (durable == null) {
      throw new IllegalArgumentException("receipts are missing");
    }
    return durable;
  }
}
