package dev.holdfast.cli;

import dev.holdfast.domain.Json;
import java.util.List;
import picocli.CommandLine.Command;

/** Which Holdfast this is, and which Java runs it. */
@Command(
    name = "version",
    description = "Show the version of this program and of the Java that runs it.",
    footer = {"", "Examples:", "  holdfast version", "  holdfast version -o json"})
final class VersionCommand extends Verb {
  private static final List<Column> COLUMNS = List.of(Column.of("holdfast", "version"), Column.of("java", "java"));

  @Override
  public Integer call() {
    versionOutput().one(Json.object("version", Version.text(), "java", Runtime.version().toString()), COLUMNS);
    return ExitCode.OK;
  }

  /** Which version this is must be seen whatever else is wrong, so a mistake in the configuration is none of its business. */
  private Output versionOutput() {
    try {
      return output();
    } catch (Refusal refusal) {
      settings().files(null);
      return output();
    }
  }
}
