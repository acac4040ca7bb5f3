package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.Texts;

/** How far the store had come, by which tools that work on a stopped node, backups and copies know what they have. */
public record Revision(RuntimeId runtime, String runId, long highWatermark, long lastEventId, long lastFrame) {
  public Revision {
    Texts.requireText(runId, 200, "a run id");
    Texts.requireAtLeast(highWatermark, 0, "a high watermark");
    Texts.requireAtLeast(lastEventId, 0, "an event id");
    Texts.requireAtLeast(lastFrame, 0, "a frame number");
  }

  public Json json() {
    return Json.object("runtime_id", runtime.value(), "run_id", runId, "high_watermark", highWatermark, "last_event_id",
        lastEventId, "last_frame", lastFrame);
  }

  /** The inverse of {@link #json}. */
  public static Revision read(JsonMembers members) {
    RuntimeId runtime = members.parsed("runtime_id", RuntimeId::new);
    String run = members.text("run_id");
    long watermark = members.whole("high_watermark");
    long event = members.whole("last_event_id");
    long frame = members.whole("last_frame");
    members.end();
    return members.checked("run_id", () -> new Revision(runtime, run, watermark, event, frame));
  }
}
