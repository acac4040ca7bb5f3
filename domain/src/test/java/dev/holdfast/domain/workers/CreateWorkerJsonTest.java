package dev.holdfast.domain.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CreateWorkerJsonTest {

  static Stream<CreateWorker> requests() {
    return Stream.of(
        CreateWorker.of(new WorkerIntent.Assistant(null)),
        CreateWorker.of(new WorkerIntent.Assistant("a purpose")),
        CreateWorker.of(new WorkerIntent.Task("an \"objective\" \ud83d\ude00")),
        CreateWorker.of(new WorkerIntent.Role("reviewer", null)),
        new CreateWorker(new WorkerIntent.Role("reviewer", "of changes"), new ProfileSelector.Named("p"), "m",
            Execution.EXTERNAL, "bundle", List.of(new CreateWorker.Capability("a", null),
                new CreateWorker.Capability("b", "note")),
            List.of(new CreateWorker.Reference("w", "ref")), List.of(new CreateWorker.Reference("m", "ref2"))),
        new CreateWorker(new WorkerIntent.Assistant(null), new ProfileSelector.Builtin("plain"), null,
            Execution.BUILTIN, null, List.of(), List.of(), List.of()));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("a request is read back from what was written of it")
  @MethodSource("requests")
  void readBack(CreateWorker request) {
    assertEquals(request, CreateWorkerJson.read(Json.parse(CreateWorkerJson.write(request).text())));
  }

  @Test
  @DisplayName("an empty object is an assistant on the runtime's defaults, with one fingerprint for all ways to say so")
  void defaults() {
    CreateWorker plain = CreateWorkerJson.read(Json.EMPTY_OBJECT);
    assertEquals(CreateWorker.of(new WorkerIntent.Assistant(null)), plain);
    CreateWorker spelled = CreateWorkerJson.read(Json.parse("""
        {"execution":"builtin","intent":{"kind":"assistant"},"profile":{"kind":"runtime_default"},"model":null,
         "requested_capabilities":[],"mount_refs":[]}"""));
    assertEquals(CreateWorkerJson.write(plain).fingerprint(), CreateWorkerJson.write(spelled).fingerprint());
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("what is not such a request is refused, and the field is named")
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "[]|invalid_request|body",
    "{\"x\":1}|unknown_field|x",
    "{\"intent\":{}}|invalid_request|intent.kind",
    "{\"intent\":\"task\"}|invalid_request|intent",
    "{\"intent\":{\"kind\":\"job\"}}|invalid_request|intent.kind",
    "{\"intent\":{\"kind\":\"task\"}}|invalid_request|intent.objective",
    "{\"intent\":{\"kind\":\"task\",\"objective\":7}}|invalid_request|intent.objective",
    "{\"intent\":{\"kind\":\"task\",\"objective\":\"o\",\"purpose\":\"p\"}}|unknown_field|intent.purpose",
    "{\"profile\":{\"kind\":\"named\"}}|invalid_request|profile.name",
    "{\"profile\":{\"kind\":\"mine\"}}|invalid_request|profile.kind",
    "{\"model\":1}|invalid_request|model",
    "{\"execution\":\"remote\"}|invalid_request|execution",
    "{\"config_bundle\":{}}|invalid_request|config_bundle.id",
    "{\"config_bundle\":{\"id\":\"b\",\"v\":1}}|unknown_field|config_bundle.v",
    "{\"requested_capabilities\":{}}|invalid_request|requested_capabilities",
    "{\"requested_capabilities\":[\"web\"]}|invalid_request|requested_capabilities[0]",
    "{\"requested_capabilities\":[{\"name\":\"a\"},{\"note\":\"b\"}]}|invalid_request|requested_capabilities[1].name",
    "{\"workspace_refs\":[{\"name\":\"a\"}]}|invalid_request|workspace_refs[0].reference",
    "{\"mount_refs\":[{\"name\":\"a\",\"reference\":\"b\",\"c\":1}]}|unknown_field|mount_refs[0].c"})
  void refused(String text, String reason, String field) {
    var mismatch = assertThrows(JsonMembers.Mismatch.class, () -> CreateWorkerJson.read(Json.parse(text)));
    assertEquals(Reason.valueOf(reason.toUpperCase(Locale.ROOT)), mismatch.refusal().reason());
    assertEquals(field, mismatch.refusal().facts().get("field"));
  }
}
