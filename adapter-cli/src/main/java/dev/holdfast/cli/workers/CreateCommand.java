package dev.holdfast.cli.workers;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A new worker. */
@Command(
    name = "create",
    aliases = "add",
    description = "Create a worker: an assistant, or one with a task or a role.",
    footer = {
      "", "Examples:",
      "  holdfast worker create --task \"Summarise the release notes\"",
      "  holdfast worker create --role reviewer --purpose \"reviews storage changes\" --model local",
      "  holdfast worker create --task \"Nightly report\" --key nightly-2026-11-03   twice is once",
      "  id=$(holdfast worker create --task \"Tidy up\" -o name)"})
final class CreateCommand extends NodeVerb {
  @Option(names = "--task", paramLabel = "TEXT", description = "What it is to do.")
  @Nullable
  String task;

  @Option(names = "--role", paramLabel = "ROLE", description = "What it is.")
  @Nullable
  String role;

  @Option(names = "--purpose", paramLabel = "TEXT", description = "What the assistant or role is for.")
  @Nullable
  String purpose;

  @Option(names = "--profile", paramLabel = "NAME", description = "A profile of the node's configuration.")
  @Nullable
  String profile;

  @Option(names = "--model", paramLabel = "NAME", description = "Its model. Default: the node's default model.")
  @Nullable
  String model;

  @Option(names = "--capability", paramLabel = "NAME", description = "A capability it asks for; may be repeated.")
  List<String> capabilities = List.of();

  @Option(names = "--external",
      description = "Its turns are for an executor of yours, over HTTP, as in docs/examples.")
  boolean external;

  @Option(names = "--key", paramLabel = "KEY", description = "Created again under the same key, it is the same worker.")
  @Nullable
  String key;

  @Override
  public Integer call() {
    requireModel(model);
    Json request = Json.object(
        "intent", intent(),
        "profile", profile == null ? null : Json.object("kind", "named", "name", profile),
        "model", model,
        "execution", external ? "external" : null,
        "requested_capabilities",
        capabilities.isEmpty() ? null : capabilities.stream().map(name -> Json.object("name", name)).toList());
    Json created = client().post("/api/v1/workers", request, key == null ? Client.freshKey() : key);
    output().one(output().isForPrograms() ? created : WorkerCommand.forPeople(created), WorkerCommand.FACTS);
    if (profile != null && Boolean.FALSE.equals(created.members().get("profile_resolved"))) {
      screen().talk("holdfast: warning: the node has no profile " + profile
          + ", so the worker has no instructions of one; put it under"
          + " profiles in the node's configuration file and restart the node (holdfast config show lists this machine's)");
    }
    screen().whisper("send it something with: holdfast worker send " + text(created, "worker_id") + " \"…\" --follow");
    return ExitCode.OK;
  }

  private Json intent() {
    if (task != null && (role != null || purpose != null)) {
      throw Refusal.of(Reason.INVALID_REQUEST, "a task has neither role nor purpose");
    }
    if (task != null) {
      return Json.object("kind", "task", "objective", task);
    }
    return role == null
        ? Json.object("kind", "assistant", "purpose", purpose)
        : Json.object("kind", "role", "role", role, "purpose", purpose);
  }
}
