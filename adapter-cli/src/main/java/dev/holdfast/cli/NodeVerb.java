package dev.holdfast.cli;

import dev.holdfast.domain.Reason;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that talks to a node, so it can be told which. */
public abstract class NodeVerb extends Verb {
  @Option(names = "--url", paramLabel = "URL", order = 102,
      description = "The node to talk to. Default: http://127.0.0.1:7400.")
  @Nullable
  String url;

  @Override
  protected Settings settings() {
    return super.settings().flag(Settings.Name.URL, url);
  }

  /** A worker for a model that isn't there could only fail, so none is made. */
  protected final void requireModel(@Nullable String model) {
    if (model != null && list(client().object("/api/v1/models"), "items").stream()
        .noneMatch(known -> model.equals(text(known, "name")))) {
      throw Refusal.of(Reason.MODEL_NOT_FOUND, model);
    }
  }
}
