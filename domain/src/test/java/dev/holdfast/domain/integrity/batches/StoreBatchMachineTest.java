package dev.holdfast.domain.integrity.batches;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.turns.machines.TransitionTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec integrity §6: the states of a batch of writes. */
public class StoreBatchMachineTest {
  public static final TransitionTable TABLE = TransitionTable.of("Batch of writes", """
      * preparing
        receipts durable: done → committed, not applied
        exception in step 3 or 4: done → failed, no receipts
        exception in step 5 or 6: –
        applied: –
        roll forward: invalid_batch
        roll forward, a file is lost: invalid_batch
        abandon: done → abandoned
      committed, not applied
        receipts durable: –
        exception in step 3 or 4: –
        exception in step 5 or 6: done → failed, receipts kept
        applied: done → committed, applied
        roll forward: done → rolled_forward
        roll forward, a file is lost: invalid_batch
        abandon: done → abandoned
      committed, applied
        receipts durable: –
        exception in step 3 or 4: –
        exception in step 5 or 6: –
        applied: –
        roll forward: no change
        roll forward, a file is lost: no change
        abandon: invalid_batch
      failed, no receipts
        receipts durable: –
        exception in step 3 or 4: –
        exception in step 5 or 6: –
        applied: –
        roll forward: invalid_batch
        roll forward, a file is lost: invalid_batch
        abandon: done → abandoned
      failed, receipts kept
        receipts durable: –
        exception in step 3 or 4: –
        exception in step 5 or 6: –
        applied: –
        roll forward: done → rolled_forward
        roll forward, a file is lost: invalid_batch
        abandon: done → abandoned
      rolled_forward
        receipts durable: –
        exception in step 3 or 4: –
        exception in step 5 or 6: –
        applied: –
        roll forward: no change
        roll forward, a file is lost: no change
        abandon: no change
      abandoned
        receipts durable: –
        exception in step 3 or 4: –
        exception in step 5 or 6: –
        applied: –
        roll forward: no change
        roll forward, a file is lost: no change
        abandon: no change
      """);

  private static final StoreBatchId ID = new StoreBatchId("hf-batch-00000000000000b1");
  private static final String PATH = "stores/launch-state.json";
  private static final ContentHash HASH = ContentHash.of("new".getBytes(StandardCharsets.UTF_8));
  private static final BatchState.Durable DURABLE = new BatchState.Durable(List.of(new Receipt(
      new ReceiptId("hf-receipt-00000000000000a1"), ID, MapFolder.DATA_DIR, new WrittenFile("holdfast.launch_state", 1,
          PATH, HASH, 3, 0, MapFolder.identities(1)),
      MapFolder.NOW)), MapFolder.NOW);

  static Stream<TransitionTable.Row> rows() {
    return TABLE.rows().stream();
  }

  @Test
  @DisplayName("the table has every state and every command, once")
  void whole() {
    TABLE.assertWhole();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("§6 a batch of writes, by its state and what happens")
  @MethodSource("rows")
  void transition(TransitionTable.Row row) {
    Standing before = arrange(row.state());
    assertEquals(row.state(), state(before));
    String answer;
    Standing after = before;
    try {
      switch (BatchRules.on(before, event(row.command()))) {
        case Outcome.Done<Standing>(Standing done) -> {
          after = done;
          answer = "done";
        }
        case Outcome.Replayed<Standing>(Standing unchanged) -> {
          assertSame(before, unchanged);
          answer = "no change";
        }
        case Outcome.Refused<Standing> refused -> answer = refused.reason().code();
      }
    } catch (IllegalStateException e) {
      answer = "–";
    }
    assertEquals(row.answer(), answer);
    assertEquals(row.then(), state(after));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("I-32 a batch blocks exactly while it is preparing, failed, or committed and not applied")
  @MethodSource("rows")
  void blocks(TransitionTable.Row row) {
    boolean unresolved = row.state().startsWith("preparing") || row.state().startsWith("failed")
        || row.state().equals("committed, not applied");
    assertEquals(unresolved, arrange(row.state()).isUnresolved());
  }

  private static Standing arrange(String state) {
    var begun = new Standing(new Batch(ID, 1, MapFolder.DATA_DIR, MapFolder.identities(1),
        BatchReason.LAUNCH_CHECKPOINT, MapFolder.NOW, new BatchState.Preparing()), Manifest.EMPTY);
    return switch (state) {
      case "preparing" -> begun;
      case "committed, not applied" -> play(begun, "receipts durable");
      case "committed, applied" -> play(begun, "receipts durable", "applied");
      case "failed, no receipts" -> play(begun, "exception in step 3 or 4");
      case "failed, receipts kept" -> play(begun, "receipts durable", "exception in step 5 or 6");
      case "rolled_forward" -> play(begun, "receipts durable", "roll forward");
      case "abandoned" -> play(begun, "abandon");
      default -> throw new IllegalArgumentException(state);
    };
  }

  private static Standing play(Standing from, String... commands) {
    Standing standing = from;
    for (String command : commands) {
      standing = BatchRules.on(standing, event(command)).orThrow();
    }
    return standing;
  }

  private static String state(Standing standing) {
    Batch batch = standing.batch();
    return switch (batch.state()) {
      case BatchState.Committed _ -> standing.isApplied() ? "committed, applied" : "committed, not applied";
      case BatchState.Failed _ -> batch.receipts().isEmpty() ? "failed, no receipts" : "failed, receipts kept";
      case BatchState.Preparing _,BatchState.RolledForward _,BatchState.Abandoned _ -> batch.state().text();
    };
  }

  private static BatchEvent event(String command) {
    return switch (command) {
      case "receipts durable" -> new BatchEvent.ReceiptsDurable(DURABLE);
      case "exception in step 3 or 4" -> new BatchEvent.WritingFailed("the disk said no");
      case "exception in step 5 or 6" -> new BatchEvent.ApplyingFailed("the disk said no");
      case "applied" -> new BatchEvent.Applied(MapFolder.NOW);
      case "roll forward" ->
        new BatchEvent.RolledForward(new BatchFiles(Map.of(), Map.of(PATH, HASH)), MapFolder.NOW);
      case "roll forward, a file is lost" ->
        new BatchEvent.RolledForward(new BatchFiles(Map.of(), Map.of()), MapFolder.NOW);
      case "abandon" -> new BatchEvent.Abandoned();
      default -> throw new IllegalArgumentException(command);
    };
  }
}
