package dev.holdfast.http.turns;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.commits.TurnCommit.Subject;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A commit as an executor sends it (spec turns §8). */
final class CommitBody {
  private static final int MAX_EXECUTOR_STATE_BYTES = 256 * 1024;
  private static final int MAX_NOTE = 1_000;
  private static final Set<Reason> INCOMPLETE =
      EnumSet.of(Reason.MAX_OUTPUT_TOKENS, Reason.UPSTREAM_CUT, Reason.CONTENT_FILTERED);
  private static final Set<Reason> FAILED = EnumSet.of(Reason.PROVIDER_FAILED, Reason.PUBLISHER_OFFLINE,
      Reason.MODEL_NOT_FOUND, Reason.NO_MODEL, Reason.CONTEXT_TOO_LARGE, Reason.TASK_DEADLINE_EXCEEDED,
      Reason.TURN_DEADLINE_EXCEEDED,
      Reason.ATTEMPTS_EXHAUSTED, Reason.EXECUTOR_FAILED);

  private CommitBody() {}

  static TurnCommit read(JsonMembers members) {
    Fence fence = FenceBody.read(members);
    Long expected = atLeastNothing(members, "expected_head_revision");
    Subject subject = subject(members);
    List<TurnCommit.Entry> entries = members.objects("entries", CommitBody::entry);
    if (subject instanceof Subject.OfSession && !entries.isEmpty()) {
      throw members.wrong("entries");
    }
    Checkpoint checkpoint = checkpoint(members);
    Usage usage = usage(members.optionalObject("usage"));
    List<Completion> completed = members.objects("completed", CommitBody::completion);
    TurnId interrupted = turn(members, "interrupted_turn_id");
    Long lastOutputSeq = atLeastNothing(members, "last_output_seq");
    if (subject instanceof Subject.OfSession && lastOutputSeq != null) {
      throw members.wrong("last_output_seq");
    }
    boolean release = members.bool("release", false);
    boolean idle = completed.isEmpty() && checkpoint == null && interrupted == null && !release;
    if (subject instanceof Subject.OfSession && idle) {
      // It would raise the head revision and change nothing else.
      throw members.wrong("completed");
    }
    return new TurnCommit(fence, expected, subject, entries, checkpoint, usage, completed, interrupted, lastOutputSeq,
        release, note(members));
  }

  /** Without a turn it is of the session; a turn is ended by an outcome, and else stands at a checkpoint. */
  private static Subject subject(JsonMembers members) {
    TurnId turn = turn(members, "turn_id");
    Integer attempt = FenceBody.optionalCount(members, "attempt");
    Integer commitNo = FenceBody.optionalCount(members, "commit_no");
    TurnOutcome outcome = outcome(members);
    if (turn == null) {
      if (attempt != null || commitNo != null || outcome != null) {
        throw members.wrong("turn_id");
      }
      return new Subject.OfSession();
    }
    if (attempt == null) {
      throw members.wrong("attempt");
    }
    if ((outcome == null) == (commitNo == null)) {
      throw members.wrong("commit_no");
    }
    return outcome == null
        ? new Subject.AtCheckpoint(turn, attempt, commitNo)
        : new Subject.Terminal(turn, attempt, outcome);
  }

  static @Nullable TurnId turn(JsonMembers members, String name) {
    String text = members.optionalText(name);
    return text == null ? null : members.checked(name, () -> TurnId.parse(text));
  }

  private static @Nullable TurnOutcome outcome(JsonMembers members) {
    String outcome = members.optionalText("outcome");
    String text = members.optionalText("outcome_reason");
    Reason reason = text == null
        ? null
        : members.checked("outcome_reason", () -> Reason.valueOf(text.toUpperCase(Locale.ROOT)));
    return switch (outcome) {
      case null -> {
        require(reason == null, members);
        yield null;
      }
      case "completed" -> {
        require(reason == null, members);
        yield new TurnOutcome.Completed();
      }
      case "incomplete" -> new TurnOutcome.Incomplete(why(reason, INCOMPLETE, members));
      case "failed" -> new TurnOutcome.Failed(
          why(reason == null ? Reason.EXECUTOR_FAILED : reason, FAILED, members));
      case "cancelled" -> {
        require(reason == null, members);
        yield new TurnOutcome.Cancelled();
      }
      default -> throw members.wrong("outcome");
    };
  }

  private static Reason why(@Nullable Reason reason, Set<Reason> possible, JsonMembers members) {
    if (reason == null || !possible.contains(reason)) {
      throw members.wrong("outcome_reason");
    }
    return reason;
  }

  private static void require(boolean fits, JsonMembers members) {
    if (!fits) {
      throw members.wrong("outcome_reason");
    }
  }

  private static TurnCommit.Entry entry(JsonMembers members) {
    String role = members.text("role");
    return new TurnCommit.Entry(
        members.checked("role", () -> TranscriptEntry.Role.valueOf(upper(role))), members.text("content"),
        members.constant("status", TranscriptEntry.Status.class, TranscriptEntry.Status.FINAL));
  }

  /** Constants are told in lower case, and in no other. */
  private static String upper(String text) {
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(text);
    }
    return text.toUpperCase(Locale.ROOT);
  }

  private static @Nullable Checkpoint checkpoint(JsonMembers members) {
    JsonMembers told = members.optionalObject("checkpoint");
    if (told == null) {
      return null;
    }
    Checkpoint checkpoint = Checkpoint.read(told);
    if (checkpoint.turnIndex() < 0) {
      throw told.wrong("turn_index");
    }
    if (isNegative(checkpoint.usage()) || isNegative(checkpoint.lastPrompt())) {
      throw told.wrong("usage");
    }
    String state = checkpoint.executorState();
    if (state != null && state.getBytes(StandardCharsets.UTF_8).length > MAX_EXECUTOR_STATE_BYTES) {
      throw told.wrong("executor_state");
    }
    return checkpoint;
  }

  private static boolean isNegative(@Nullable Usage usage) {
    return usage != null && (usage.inputTokens() < 0 || usage.outputTokens() < 0);
  }

  private static Usage usage(@Nullable JsonMembers members) {
    if (members == null) {
      return Usage.NONE;
    }
    var usage = new Usage(members.whole("input_tokens", 0), members.whole("output_tokens", 0));
    if (usage.inputTokens() < 0) {
      throw members.wrong("input_tokens");
    }
    if (usage.outputTokens() < 0) {
      throw members.wrong("output_tokens");
    }
    members.end();
    return usage;
  }

  /** A claim holds either inputs or batches, as the ids' form tells. */
  private static Completion completion(JsonMembers members) {
    String claim = members.text("claim_id");
    String token = members.text("claim_token");
    List<String> ids = members.texts("ids");
    if (ids.isEmpty() || ids.stream().distinct().count() < ids.size()) {
      throw members.wrong("ids");
    }
    return members.checked("ids", () -> ids.getFirst().startsWith("in-")
        ? new Completion.OfInputs(claim, token, ids.stream().map(InputId::parse).toList())
        : new Completion.OfBatches(claim, token, ids.stream().map(BatchId::parse).toList()));
  }

  private static @Nullable Long atLeastNothing(JsonMembers members, String name) {
    Long number = members.optionalLong(name);
    if (number != null && number < 0) {
      throw members.wrong(name);
    }
    return number;
  }

  private static @Nullable String note(JsonMembers members) {
    String note = members.optionalText("note");
    if (note != null && (note.isBlank() || note.length() > MAX_NOTE)) {
      throw members.wrong("note");
    }
    return note;
  }
}
