package dev.holdfast.domain.workers;

import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for a new worker. Its fields are checked by {@link WorkerRules#create}, not here, because a replay of a known
 * request is answered before anything is checked (spec A-7).
 *
 * @param model the model's name, or null for the profile's or the node's
 * @param configBundle the id of a configuration bundle
 */
public record CreateWorker(
    WorkerIntent intent, ProfileSelector profile, @Nullable String model, Execution execution,
    @Nullable String configBundle, List<Capability> capabilities, List<Reference> workspaces, List<Reference> mounts) {

  public CreateWorker {
    capabilities = List.copyOf(capabilities);
    workspaces = List.copyOf(workspaces);
    mounts = List.copyOf(mounts);
  }

  /** A worker of the runtime's defaults, without tools. */
  public static CreateWorker of(WorkerIntent intent) {
    return new CreateWorker(intent, new ProfileSelector.RuntimeDefault(), null, Execution.BUILTIN, null, List.of(),
        List.of(), List.of());
  }

  CreateWorker withModel(String name) {
    return new CreateWorker(intent, profile, name, execution, configBundle, capabilities, workspaces, mounts);
  }

  /** A capability that the worker asks for. */
  public record Capability(String name, @Nullable String note) {}

  /** A workspace or mount under a name of the worker's. */
  public record Reference(String name, String reference) {}
}
