package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the stores of one directory hold, each as far as it could be read.
 *
 * @param frames for each store that tells one the number of the journal's frame that it has come to, in the order of the
 *     descriptors
 */
public record Contents(
    @Nullable LaunchState launchState, SessionIndex sessions, @Nullable LaunchTransaction launch, TaskLedger tasks,
    EngineTable engines, @Nullable CapabilitySnapshot capabilities, SequencedMap<Descriptor, Long> frames) {

  /**
   * @param data of the stores that could be read; all others count as empty
   * @throws JsonMembers.Mismatch when data break the store's rules, which an inspection would have told
   */
  public static Contents read(Map<Descriptor, Json> data) {
    SequencedMap<Descriptor, Long> frames = new LinkedHashMap<>();
    for (Descriptor store : Descriptors.ALL) {
      Json content = data.get(store);
      if (content != null) {
        String member = store.equals(Descriptors.LAUNCH_STATE) ? "journal_low" : "covered_frame";
        Optional.ofNullable(JsonMembers.of(content).optionalLong(member)).ifPresent(frame -> frames.put(store, frame));
      }
    }
    return new Contents(
        of(data, Descriptors.LAUNCH_STATE, LaunchState::read),
        of(data, Descriptors.SESSION_INDEX, SessionIndex::read, SessionIndex.EMPTY),
        of(data, Descriptors.LAUNCH_TRANSACTION, LaunchTransaction::read),
        of(data, Descriptors.TASK_LEDGER, TaskLedger::read, TaskLedger.EMPTY),
        of(data, Descriptors.ENGINE_TABLE, EngineTable::read, EngineTable.EMPTY),
        of(data, Descriptors.CAPABILITY_SNAPSHOT, CapabilitySnapshot::read), frames);
  }

  private static <T> @Nullable T of(Map<Descriptor, Json> data, Descriptor store, Function<JsonMembers, T> reader) {
    Json content = data.get(store);
    return content == null ? null : reader.apply(JsonMembers.of(content));
  }

  private static <T> T of(Map<Descriptor, Json> data, Descriptor store, Function<JsonMembers, T> reader, T absent) {
    T content = of(data, store, reader);
    return content == null ? absent : content;
  }
}
