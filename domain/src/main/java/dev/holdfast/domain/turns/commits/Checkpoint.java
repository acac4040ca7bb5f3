package dev.holdfast.domain.turns.commits;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import org.jspecify.annotations.Nullable;

/**
 * What an executor needs to go on with a session, version 1.
 *
 * @param turnIndex turns that the executor has finished
 * @param usage of the session so far
 * @param lastPrompt usage of the last model call
 * @param executorState opaque, at most 256 KiB
 */
public record Checkpoint(
    long turnIndex, Usage usage, @Nullable Usage lastPrompt, Json options, long toolCatalogRevision,
    @Nullable String executorState) {
  public static final Checkpoint INITIAL = new Checkpoint(0, Usage.NONE, null, Json.EMPTY_OBJECT, 0, null);

  /** The checkpoint behind one more turn. */
  public Checkpoint afterTurn(Usage call) {
    return new Checkpoint(turnIndex + 1, usage.plus(call), call, options, toolCatalogRevision, executorState);
  }

  /** The checkpoint behind one more step of a turn that goes on. */
  public Checkpoint afterStep(Usage call) {
    return new Checkpoint(turnIndex, usage.plus(call), call, options, toolCatalogRevision, executorState);
  }

  /** The same, with the node's own count of changes of the tools. */
  Checkpoint withToolCatalog(long revision) {
    return new Checkpoint(turnIndex, usage, lastPrompt, options, revision, executorState);
  }

  /** The same, without a last prompt: the context begins anew. */
  Checkpoint withoutLastPrompt() {
    return new Checkpoint(turnIndex, usage, null, options, toolCatalogRevision, executorState);
  }

  public Json json() {
    return Json.object("turn_index", turnIndex, "usage", usage(usage), "last_prompt_usage", usage(lastPrompt),
        "options", options, "tool_catalog_revision", toolCatalogRevision, "executor_state", executorState);
  }

  /** The inverse of {@link #json}; an absent member has its value in {@link #INITIAL}. */
  public static Checkpoint read(JsonMembers members) {
    Usage usage = readUsage(members.optionalObject("usage"));
    Json options = members.optionalJsonObject("options");
    var checkpoint = new Checkpoint(members.whole("turn_index", 0), usage == null ? Usage.NONE : usage,
        readUsage(members.optionalObject("last_prompt_usage")), options == null ? Json.EMPTY_OBJECT : options,
        members.whole("tool_catalog_revision", 0), members.optionalText("executor_state"));
    members.end();
    return checkpoint;
  }

  static @Nullable Json usage(@Nullable Usage usage) {
    return usage == null
        ? null
        : Json.object("input_tokens", usage.inputTokens(), "output_tokens", usage.outputTokens());
  }

  private static @Nullable Usage readUsage(@Nullable JsonMembers members) {
    if (members == null) {
      return null;
    }
    var usage = new Usage(members.whole("input_tokens", 0), members.whole("output_tokens", 0));
    members.end();
    return usage;
  }
}
