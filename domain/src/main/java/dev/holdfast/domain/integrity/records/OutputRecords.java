package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The output of turns. */
public final class OutputRecords {
  private static final Constants<OutputPayload.Channel> CHANNELS =
      Constants.of(OutputPayload.Channel.class, OutputPayload.Channel::text);

  static final Codec<OutputCursor> CURSOR = new Codec<>((out, cursor) -> {
    out.number("attempt", cursor.attempt());
    out.number("seq", cursor.seq());
  }, in -> new OutputCursor(in.count("attempt"), in.number("seq")));

  private static final Codec<OutputPayload.Previous> PREVIOUS = new Codec<>((out, previous) -> {
    out.number("attempt", previous.attempt());
    out.text("ended_by", previous.endedBy());
  }, in -> new OutputPayload.Previous(in.count("attempt"), in.text("ended_by")));

  static final List<Choice.Option<? extends OutputPayload>> PAYLOADS = List.of(
      option(1, "delta", OutputPayload.Delta.class, new Codec<>((out, delta) -> {
        out.constant("channel", CHANNELS, delta.channel());
        out.text("text", delta.text());
      }, in -> new OutputPayload.Delta(in.constant("channel", CHANNELS), in.text("text")))),
      option(2, "attempt_started", OutputPayload.AttemptStarted.class, new Codec<>((out, started) -> {
        out.number("generation", started.generation());
        out.optionalRecord("keep_until", CURSOR, started.keepUntil());
        out.optionalRecord("previous", PREVIOUS, started.previous());
      }, in -> new OutputPayload.AttemptStarted(in.number("generation"), in.optionalRecord("keep_until", CURSOR),
          in.optionalRecord("previous", PREVIOUS)))),
      option(3, "rewound", OutputPayload.Rewound.class,
          new Codec<>((out, rewound) -> out.optionalRecord("keep_until", CURSOR, rewound.keepUntil()),
              in -> new OutputPayload.Rewound(in.optionalRecord("keep_until", CURSOR)))),
      option(4, "input_admitted", OutputPayload.InputAdmitted.class,
          new Codec<>((out, admitted) -> out.number("input", admitted.input().number()),
              in -> new OutputPayload.InputAdmitted(new InputId(in.number("input"))))),
      option(5, "checkpoint", OutputPayload.Checkpoint.class,
          new Codec<>((out, checkpoint) -> out.number("commit_no", checkpoint.commitNo()),
              in -> new OutputPayload.Checkpoint(in.count("commit_no")))),
      option(6, "end", OutputPayload.End.class, new Codec<>((out, end) -> {
        out.text("outcome", end.outcome());
        out.optionalText("reason", end.reason());
        out.number("head_revision", end.headRevision());
        out.optionalText("note", end.note());
      }, in -> new OutputPayload.End(in.text("outcome"), in.optionalText("reason"), in.number("head_revision"),
          in.optionalText("note")))));

  private static final Codec<OutputPayload> PAYLOAD = Choice.of("kind", PAYLOADS);

  public static final Codec<OutputRecord> OUTPUT = new Codec<>((out, record) -> {
    out.number("turn", record.turn().number());
    out.number("attempt", record.attempt());
    out.number("seq", record.seq());
    out.time("at", record.at());
    out.record("payload", PAYLOAD, record.payload());
  }, in -> new OutputRecord(IdFields.turn(in, "turn"), in.count("attempt"), in.number("seq"), in.time("at"),
      in.record("payload", PAYLOAD)));

  /** The records of one append follow each other and are of one time, so what they share is written once. */
  static final Codec<OutputChange.Appended> APPENDED = new Codec<>(OutputRecords::write, OutputRecords::read);

  private OutputRecords() {}

  private static void write(RecordOut out, OutputChange.Appended appended) {
    OutputRecord first = appended.records().getFirst();
    List<OutputPayload> payloads = new ArrayList<>(appended.records().size());
    for (OutputRecord record : appended.records()) {
      if (!record.turn().equals(appended.turn()) || record.attempt() != first.attempt()
          || record.seq() != first.seq() + payloads.size() || !record.at().equals(first.at())) {
        throw new IllegalArgumentException("the records of one append don't follow each other");
      }
      payloads.add(record.payload());
    }
    out.number("turn", appended.turn().number());
    out.number("attempt", first.attempt());
    out.number("first_seq", first.seq());
    out.time("at", first.at());
    out.list("payloads", PAYLOAD, payloads);
  }

  private static OutputChange.Appended read(RecordIn in) {
    TurnId turn = IdFields.turn(in, "turn");
    int attempt = in.count("attempt");
    long seq = in.number("first_seq");
    Instant at = in.time("at");
    List<OutputRecord> records = new ArrayList<>();
    for (OutputPayload payload : in.items("payloads", PAYLOAD)) {
      records.add(new OutputRecord(turn, attempt, Math.addExact(seq, records.size()), at, payload));
    }
    return new OutputChange.Appended(turn, records);
  }
}
