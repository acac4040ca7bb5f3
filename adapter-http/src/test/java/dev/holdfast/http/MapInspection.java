package dev.holdfast.http;

import dev.holdfast.domain.integrity.batches.MapFolder;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.Survey;
import java.time.Duration;

/** Stores in a map, beside rows that are always sound. */
record MapInspection(MapFolder folder) implements StoreInspection {
  @Override
  public String location() {
    return "memory";
  }

  @Override
  public Survey survey() {
    return folder.survey();
  }

  @Override
  public Condition look(boolean deep, Duration atMost) {
    return new Condition.Sound(deep ? "in depth" : "at a glance", HealthyContents.JOURNAL_END);
  }
}
