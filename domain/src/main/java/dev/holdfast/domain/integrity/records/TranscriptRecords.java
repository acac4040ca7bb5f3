package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.TranscriptEntry.Origin;
import java.util.List;

/** Transcripts. */
public final class TranscriptRecords {
  private static final Constants<TranscriptEntry.Role> ROLES =
      Constants.of(TranscriptEntry.Role.class, TranscriptEntry.Role::text);
  private static final Constants<TranscriptEntry.Status> STATUSES =
      Constants.of(TranscriptEntry.Status.class, TranscriptEntry.Status::text);

  static final List<Choice.Option<? extends Origin>> ORIGINS = List.of(
      option(1, "input", Origin.FromInput.class,
          new Codec<>((out, origin) -> out.number("input", origin.input().number()),
              in -> new Origin.FromInput(new InputId(in.number("input"))))),
      option(2, "turn", Origin.FromTurn.class, new Codec<>((out, origin) -> {
        out.number("turn", origin.turn().number());
        out.number("attempt", origin.attempt());
        out.number("commit_no", origin.commitNo());
      }, in -> new Origin.FromTurn(IdFields.turn(in, "turn"), in.count("attempt"), in.count("commit_no")))));

  private static final Codec<Origin> ORIGIN = Choice.of("kind", ORIGINS);

  public static final Codec<TranscriptEntry> ENTRY = new Codec<>(TranscriptRecords::write, TranscriptRecords::read);

  private TranscriptRecords() {}

  private static void write(RecordOut out, TranscriptEntry entry) {
    out.number("sequence", entry.sequence());
    out.number("worker", entry.worker().number());
    out.constant("role", ROLES, entry.role());
    out.text("content", entry.content());
    out.number("event_id", entry.eventId());
    out.time("at", entry.at());
    out.record("origin", ORIGIN, entry.origin());
    out.constant("status", STATUSES, entry.status());
  }

  private static TranscriptEntry read(RecordIn in) {
    return new TranscriptEntry(in.number("sequence"), IdFields.worker(in, "worker"), in.constant("role", ROLES),
        in.text("content"), in.number("event_id"), in.time("at"), in.record("origin", ORIGIN),
        in.constant("status", STATUSES));
  }
}
