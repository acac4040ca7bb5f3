package dev.holdfast.cli;

import dev.holdfast.domain.Reason;
import java.util.List;
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
    if (model != null) {
      List<String> known = list(client().object("/api/v1/models"), "items").stream()
          .map(one -> String.valueOf(text(one, "name"))).toList();
      if (!known.contains(model)) {
        throw Refusal.of(Reason.MODEL_NOT_FOUND, model + "; there are: " + String.join(", ", known));
      }
    }
  }
}
