package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Screen;
import dev.holdfast.cli.Verb;
import dev.holdfast.domain.Json;
import java.util.List;

/** What is wrong with a store, as people read it. */
final class Findings {
  private Findings() {}

  /** A line for each, and below it what would be done. */
  static void show(Screen screen, List<Json> findings) {
    for (Json finding : findings) {
      String severity = "%-8s".formatted(Verb.text(finding, "severity"));
      String subject = Verb.text(finding, "subject");
      String note = Verb.text(finding, "note");
      screen.line((severity.startsWith("error") ? screen.strong(severity) : severity) + Verb.text(finding, "reason")
          + (subject == null ? "" : " " + subject) + (note == null ? "" : ": " + Output.oneLine(note)));
      screen.line("        " + Output.oneLine(String.valueOf(Verb.text(finding, "advice"))));
    }
  }

  /** 0 where nothing is to be done, 8 where the node takes no work, 1 for anything between. */
  static int exitCode(List<Json> findings) {
    if (findings.isEmpty()) {
      return ExitCode.OK;
    }
    return findings.stream().anyMatch(finding -> "error".equals(Verb.text(finding, "severity")))
        ? ExitCode.STORE
        : ExitCode.FAILED;
  }
}
