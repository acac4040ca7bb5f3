package dev.holdfast.domain.workers;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON form of a {@link CreateWorker}: as callers send it, as it is fingerprinted and as it is stored. */
public final class CreateWorkerJson {
  private CreateWorkerJson() {}

  public static Json write(CreateWorker request) {
    return Json.object(
        "intent", intent(request.intent()),
        "profile", profile(request.profile()),
        "model", request.model(),
        "execution", request.execution().name().toLowerCase(Locale.ROOT),
        "config_bundle", request.configBundle() == null ? null : Json.object("id", request.configBundle()),
        "requested_capabilities",
        request.capabilities().stream().map(c -> Json.object("name", c.name(), "note", c.note())).toList(),
        "workspace_refs", references(request.workspaces()),
        "mount_refs", references(request.mounts()));
  }

  public static Json intent(WorkerIntent intent) {
    return switch (intent) {
      case WorkerIntent.Assistant(String purpose) -> Json.object("kind", "assistant", "purpose", purpose);
      case WorkerIntent.Task(String objective) -> Json.object("kind", "task", "objective", objective);
      case WorkerIntent.Role(String role, String purpose) ->
        Json.object("kind", "role", "role", role, "purpose", purpose);
    };
  }

  public static Json profile(ProfileSelector profile) {
    return switch (profile) {
      case ProfileSelector.RuntimeDefault() -> Json.object("kind", "runtime_default");
      case ProfileSelector.Builtin(String name) -> Json.object("kind", "builtin", "name", name);
      case ProfileSelector.Named(String name) -> Json.object("kind", "named", "name", name);
    };
  }

  private static List<Json> references(List<CreateWorker.Reference> references) {
    return references.stream().map(r -> Json.object("name", r.name(), "reference", r.reference())).toList();
  }

  /** @throws JsonMembers.Mismatch when the object is not such a request */
  public static CreateWorker read(Json json) {
    JsonMembers members = JsonMembers.of(json);
    var request = new CreateWorker(
        readIntent(members.optionalObject("intent")),
        readProfile(members.optionalObject("profile")),
        members.optionalText("model"),
        members.constant("execution", Execution.class, Execution.BUILTIN),
        readBundle(members.optionalObject("config_bundle")),
        members.objects("requested_capabilities",
            m -> new CreateWorker.Capability(m.text("name"), m.optionalText("note"))),
        members.objects("workspace_refs", CreateWorkerJson::readReference),
        members.objects("mount_refs", CreateWorkerJson::readReference));
    members.end();
    return request;
  }

  public static WorkerIntent readIntent(@Nullable JsonMembers members) {
    if (members == null) {
      return new WorkerIntent.Assistant(null);
    }
    String kind = members.text("kind");
    WorkerIntent intent = switch (kind) {
      case "assistant" -> new WorkerIntent.Assistant(members.optionalText("purpose"));
      case "task" -> new WorkerIntent.Task(members.text("objective"));
      case "role" -> new WorkerIntent.Role(members.text("role"), members.optionalText("purpose"));
      default -> throw members.wrong("kind");
    };
    members.end();
    return intent;
  }

  public static ProfileSelector readProfile(@Nullable JsonMembers members) {
    if (members == null) {
      return new ProfileSelector.RuntimeDefault();
    }
    ProfileSelector profile = switch (members.text("kind")) {
      case "runtime_default" -> new ProfileSelector.RuntimeDefault();
      case "builtin" -> new ProfileSelector.Builtin(members.text("name"));
      case "named" -> new ProfileSelector.Named(members.text("name"));
      default -> throw members.wrong("kind");
    };
    members.end();
    return profile;
  }

  private static @Nullable String readBundle(@Nullable JsonMembers members) {
    if (members == null) {
      return null;
    }
    String id = members.text("id");
    members.end();
    return id;
  }

  private static CreateWorker.Reference readReference(JsonMembers members) {
    return new CreateWorker.Reference(members.text("name"), members.text("reference"));
  }
}
