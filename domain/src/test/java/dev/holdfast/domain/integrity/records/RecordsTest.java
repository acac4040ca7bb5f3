package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordsTest {
  private static final int DRAWN = 150;

  static List<Kind<?>> kinds() {
    return Kind.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("whatever is written is read again as it was, from bytes and from JSON")
  <T> void roundTrips(Kind<T> kind) {
    for (long seed = 0; seed < DRAWN; seed++) {
      T value = kind.drawn(seed);
      byte[] bytes = kind.codec().bytes(value);
      Json json = kind.codec().json(value);

      assertEquals(value, kind.codec().ofBytes(bytes), () -> "from bytes, as " + json);
      assertEquals(value, kind.codec().ofJson(json), () -> "from " + json);
      assertArrayEquals(bytes, kind.codec().bytes(kind.codec().ofJson(json)));
      assertEquals(json, Json.of(json.recordValue()), "the text is canonical");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("a record is read from the middle of other bytes")
  <T> void readFromTheMiddle(Kind<T> kind) {
    T value = kind.drawn(7);
    byte[] bytes = kind.codec().bytes(value);
    byte[] around = new byte[bytes.length + 7];
    Arrays.fill(around, (byte) 0x81);
    System.arraycopy(bytes, 0, around, 3, bytes.length);

    assertEquals(value, kind.codec().ofBytes(around, 3, 3 + bytes.length));
  }

  @Test
  @DisplayName("every change of every capability is in the table, and every number is used once")
  void everyChange() {
    Set<Class<?>> changes = Stream.of(WorkerChange.class, EventChange.class, InputChange.class, QueueChange.class,
        LeaseChange.class, TurnChange.class, OutputChange.class, ProviderChange.class, PublisherChange.class,
        TaskChange.class,
        AccessChange.class)
        .flatMap(RecordsTest::leaves).collect(Collectors.toSet());

    assertEquals(changes, types(Changes.TABLE));
    assertEquals(Changes.TABLE.size(), Changes.TABLE.stream().map(Choice.Option::number).distinct().count());
    assertEquals(changes, new DrawnChanges(1).all().stream().map(Change::getClass).collect(Collectors.toSet()),
        "each is drawn");
  }

  @Test
  @DisplayName("every form of a type that has several is written")
  void everyForm() {
    Map<Class<?>, List<? extends Choice.Option<?>>> forms = Map.ofEntries(
        Map.entry(WorkerIntent.class, WorkerRecords.INTENTS),
        Map.entry(ProfileSelector.class, WorkerRecords.PROFILES),
        Map.entry(TranscriptEntry.Origin.class, TranscriptRecords.ORIGINS),
        Map.entry(Liveness.class, LeaseRecords.LIVENESSES),
        Map.entry(Lease.class, LeaseRecords.LEASES),
        Map.entry(Ingress.class, InputRecords.INGRESSES),
        Map.entry(InputState.class, InputRecords.STATES),
        Map.entry(BatchState.class, QueueRecords.STATES),
        Map.entry(Payload.class, QueueRecords.PAYLOADS),
        Map.entry(TurnOutcome.class, TurnRecords.OUTCOMES),
        Map.entry(Turn.State.class, TurnRecords.STATES),
        Map.entry(OutputPayload.class, OutputRecords.PAYLOADS),
        Map.entry(InferenceTask.State.class, TaskRecords.STATES));

    forms.forEach((type, options) -> assertEquals(leaves(type).collect(Collectors.toSet()), types(options)));
  }

  private static Set<Class<?>> types(List<? extends Choice.Option<?>> options) {
    Set<Class<?>> types = new HashSet<>();
    options.stream().map(Choice.Option::type).filter(Objects::nonNull).forEach(types::add);
    return types;
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(RecordsTest::leaves)
        : Stream.of(type);
  }

  @Test
  @DisplayName("a provider that was written before providers had ids is read as its admin's, from bytes and from JSON")
  void firstProviders() {
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    // The change's number 70, then name, url, model, that there is a credential, the credential, and the time.
    byte[] bytes = FIRST_PUT.bytes(new FirstProvider("qwen", "https://example.org/v1", "qwen:7b", "env:KEY", at));
    Json json = Json.parse("""
        {"backend_model": "qwen:7b", "change": "provider_put", "created_at": "2026-01-01T00:00:00.000000Z",
         "credential": "env:KEY", "name": "qwen", "url": "https://example.org/v1"}""");
    Change expected = new ProviderChange.PublicPut(PublicProvider.of(Provider.idOf("qwen"), Key.DEFAULT_SUBJECT,
        Offer.of("qwen", "qwen:7b", Offer.Visibility.SHARED), "https://example.org/v1", "env:KEY", at));

    assertEquals(expected, Changes.CHANGE.ofBytes(bytes));
    assertEquals(expected, Changes.CHANGE.ofJson(json));
    assertEquals(FIRST_PUT.json(new FirstProvider("qwen", "https://example.org/v1", "qwen:7b", "env:KEY", at)), json);
    assertNotEquals(70, Changes.CHANGE.bytes(expected)[0], "it is never written again");
  }

  private record FirstProvider(String name, String url, String backendModel, @Nullable String credential, Instant at) {}

  /** The change as the version wrote it that had it last. */
  private static final Codec<FirstProvider> FIRST_PUT =
      Choice.of("change", List.of(option(70, "provider_put", FirstProvider.class, new Codec<>((out, provider) -> {
        out.text("name", provider.name());
        out.text("url", provider.url());
        out.text("backend_model", provider.backendModel());
        out.optionalText("credential", provider.credential());
        out.time("created_at", provider.at());
      }, in -> new FirstProvider(in.text("name"), in.text("url"), in.text("backend_model"),
          in.optionalText("credential"), in.time("created_at"))))));

  @Test
  @DisplayName("options that are nested as deeply as a caller may nest them are kept wherever they are")
  void deepOptions() {
    Json options = Json.parse("{\"a\":".repeat(Json.MAX_DEPTH - 1) + "{}" + "}".repeat(Json.MAX_DEPTH - 1));
    Stamp drawn = new RowsOfTurns(new Values(1)).stamp();
    var deep = new Checkpoint(0, Usage.NONE, null, options, 0, null);
    var result = new Stamp.Result(1, deep, 2, List.of(3L), 4);
    List<Change> unit = List.of(new TurnChange.Stamped(new Stamp(drawn.key(), drawn.hash(), result)));

    assertEquals(unit, Changes.UNIT.ofJson(Changes.UNIT.json(unit)));
    assertEquals(unit, Changes.UNIT.ofBytes(Changes.UNIT.bytes(unit)));
  }

  @Test
  @DisplayName("an append of records that don't follow each other isn't written")
  void noGapsInAnAppend() {
    var turn = new TurnId(5);
    var first = new OutputRecord(turn, 1, 1, Instant.EPOCH, new OutputPayload.Checkpoint(1));
    var third = new OutputRecord(turn, 1, 3, Instant.EPOCH, new OutputPayload.Checkpoint(2));
    Change gap = new OutputChange.Appended(turn, List.of(first, third));

    assertThrows(IllegalArgumentException.class, () -> Changes.CHANGE.bytes(gap));
    assertTrue(Changes.CHANGE.bytes(new OutputChange.Appended(turn, List.of(first))).length > 0);
  }
}
