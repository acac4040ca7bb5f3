package dev.holdfast.cli.relay;

import dev.holdfast.domain.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On which terms a provider serves. */
final class ProviderTerms {
  @Option(names = "--pool", paramLabel = "POOL", description = "Serve this model together with others of the pool.")
  @Nullable
  String pool;

  @Option(names = "--visibility", paramLabel = "private|shared", description = "Who may use it: its owner, or all.")
  @Nullable
  String visibility;

  @Option(names = "--max-in-flight", paramLabel = "N", description = "Calls at the same time.")
  @Nullable
  Integer maxInFlight;

  @Option(names = "--tier", paramLabel = "WORD", description = "A word for choosing by hand. Default: fast.")
  @Nullable
  String tier;

  @Option(names = "--description", paramLabel = "TEXT", description = "What it is.")
  @Nullable
  String description;

  /** The request with the terms that were given. */
  Json with(Json request) {
    Map<String, @Nullable Object> members = new TreeMap<>(request.members());
    members.put("pool", pool);
    members.put("visibility", visibility);
    members.put("max_in_flight", maxInFlight == null ? null : maxInFlight.longValue());
    members.put("tier", tier);
    members.put("description", description);
    members.values().removeIf(value -> value == null);
    return Json.of(members);
  }
}
