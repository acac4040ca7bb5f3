package dev.holdfast.cli.integrity;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.access.configuration.ConfigurationFile;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands and the node are configured with. */
@Command(
    name = "config",
    description = {
      "See the settings that are in effect, and check configuration files.", "",
      "A flag goes before a HOLDFAST_ variable, that before holdfast.yaml in this folder or the nearest one above, that before"
          + " ~/.config/holdfast/config.yaml, and that before /etc/holdfast/config.yaml."},
    subcommands = {ConfigCommand.Show.class, ConfigCommand.Check.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  holdfast config show --origin", "  holdfast config check"})
public final class ConfigCommand {

  /** The effective settings. */
  @Command(
      name = "show",
      description = "The settings in effect, and with --origin which flag, variable or line of a file says each.",
      footer = {
        "", "Examples:",
        "  holdfast config show",
        "  holdfast config show --origin                        where each comes from",
        "  HOLDFAST_URL=http://box:7400 holdfast config show --origin -o json"})
  static final class Show extends NodeVerb {
    private static final Column NAME = Column.of("NAME", "name");
    private static final Column VALUE = Column.of("VALUE", "value");
    private static final Column ORIGIN = Column.of("ORIGIN", "origin");

    @Option(names = "--origin", description = "Show where each setting comes from.")
    boolean origin;

    @Override
    public Integer call() {
      List<Json> all = settings().all().stream()
          .map(s -> Json.object("name", s.name(), "value", s.value(), "origin", origin ? s.origin() : null))
          .toList();
      output().list(all, origin ? List.of(NAME, VALUE, ORIGIN) : List.of(NAME, VALUE));
      return ExitCode.OK;
    }
  }

  /** What is wrong in files. */
  @Command(
      name = "check",
      description = "Check configuration files. Exits 0 when all is well, 2 with each problem and its line otherwise.",
      footer = {
        "", "Examples:",
        "  holdfast config check                                the files that are in effect",
        "  holdfast config check docs/deploy/config.yaml        one that isn't yet",
        "", "A file that is named holdfast.yaml is checked as a project's, which may say less than your own."})
  static final class Check extends Verb {
    private static final List<Column> PROBLEM =
        List.of(Column.of("FILE", "file"), Column.of("LINE", "line"), Column.of("PROBLEM", "problem"));

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file. Default: those in effect.")
    @Nullable
    Path file;

    @Override
    public Integer call() {
      if (file != null && !Files.exists(file)) {
        throw Refusal.of(Reason.INVALID_REQUEST, "there is no file " + file);
      }
      List<ConfigurationFile> files = settings().files(file);
      List<ConfigurationFile.Problem> found = file == null
          ? ConfigurationCheck.of(settings(), files)
          : ConfigurationCheck.ofOne(settings(), files.getFirst());
      List<Json> problems = found.stream()
          .map(problem -> Json.object("file", problem.file().toString(), "line", problem.line(), "problem",
              problem.text()))
          .toList();
      Output output = output();
      if (output.isForPrograms() || !problems.isEmpty()) {
        output.list(problems, PROBLEM);
      } else {
        screen().talk(files.isEmpty()
            ? "there is no configuration file"
            : "no problem in " + String.join(", ", files.stream().map(one -> one.path().toString()).toList()));
      }
      return problems.isEmpty() ? ExitCode.OK : ExitCode.USAGE;
    }
  }
}
