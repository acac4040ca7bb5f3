package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where each worker's session stands.
 *
 * @param coveredFrame number of the last frame of the journal that is part of it
 */
public record SessionIndex(long coveredFrame, Map<WorkerId, Position> sessions) {
  public static final SessionIndex EMPTY = new SessionIndex(0, Map.of());

  public SessionIndex {
    Texts.requireAtLeast(coveredFrame, 0, "a frame number");
    sessions = Map.copyOf(sessions);
  }

  /** @throws IllegalArgumentException when a worker has two sessions */
  public static SessionIndex of(long coveredFrame, Collection<Position> sessions) {
    var byWorker = new TreeMap<WorkerId, Position>();
    sessions.forEach(session -> {
      if (byWorker.put(session.worker(), session) != null) {
        throw new IllegalArgumentException("twice: " + session.worker());
      }
    });
    return new SessionIndex(coveredFrame, byWorker);
  }

  /** @param transcriptLength entries of the worker's transcript */
  public record Position(
      RuntimeId runtime, WorkerId worker, String runId, long headRevision, long generation, long transcriptLength,
      @Nullable TurnId openTurn) {
    public Position {
      Texts.requireText(runId, 200, "a run id");
      Texts.requireAtLeast(headRevision, 0, "a revision");
      Texts.requireAtLeast(generation, 0, "a generation");
      Texts.requireAtLeast(transcriptLength, 0, "a length");
    }

    Json json() {
      return Json.object("runtime_id", runtime.value(), "worker_id", worker.value(), "run_id", runId, "head_revision",
          headRevision, "generation", generation, "transcript_len", transcriptLength, "open_turn",
          openTurn == null ? null : openTurn.value());
    }

    static Position read(JsonMembers members) {
      RuntimeId runtime = members.parsed("runtime_id", RuntimeId::new);
      WorkerId worker = members.parsed("worker_id", WorkerId::parse);
      String run = members.text("run_id");
      long revision = members.whole("head_revision");
      long generation = members.whole("generation");
      long length = members.whole("transcript_len");
      String turn = members.optionalText("open_turn");
      return members.checked("worker_id", () -> new Position(runtime, worker, run, revision, generation, length,
          turn == null ? null : TurnId.parse(turn)));
    }
  }

  public Optional<Position> session(WorkerId worker) {
    return Optional.ofNullable(sessions.get(worker));
  }

  public Json json() {
    return Json.object("covered_frame", coveredFrame, "sessions",
        new TreeMap<>(sessions).values().stream().map(Position::json).toList());
  }

  /** The inverse of {@link #json}. */
  public static SessionIndex read(JsonMembers members) {
    long covered = members.whole("covered_frame");
    List<Position> sessions = members.objects("sessions", Position::read);
    members.end();
    return members.checked("sessions", () -> of(covered, sessions));
  }
}
