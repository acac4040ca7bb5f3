package dev.holdfast.cli.integrity;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Settings.Name;
import dev.holdfast.cli.access.KeyLookup;
import dev.holdfast.cli.access.Trust;
import dev.holdfast.cli.access.configuration.ConfigurationFile;
import dev.holdfast.cli.access.configuration.ConfigurationFile.Entry;
import dev.holdfast.cli.access.configuration.ConfigurationFile.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong in files whose lines may all be right by themselves: by the rules of the commands that would stumble over it. */
public final class ConfigurationCheck {
  private final Settings settings;
  private final List<ConfigurationFile> files;
  private final boolean inEffect;
  private final Set<Problem> problems = new LinkedHashSet<>();

  /** @param inEffect whether these are the files of this folder, user and machine, so that flags and variables count too */
  private ConfigurationCheck(Settings settings, List<ConfigurationFile> files, boolean inEffect) {
    this.settings = settings;
    this.files = files;
    this.inEffect = inEffect;
  }

  /** Everything that is wrong in the files in effect. */
  public static List<Problem> of(Settings settings, List<ConfigurationFile> files) {
    return new ConfigurationCheck(settings.judging(files, true), files, true).run();
  }

  /** Everything that is wrong in a file that isn't in effect; a project's may name what is in the user's. */
  static List<Problem> ofOne(Settings settings, ConfigurationFile file) {
    List<ConfigurationFile> all = new ArrayList<>(List.of(file));
    if (file.kind() == ConfigurationFile.Kind.PROJECT) {
      settings.files(null).stream().filter(other -> other.kind() != ConfigurationFile.Kind.PROJECT).forEach(all::add);
    }
    return new ConfigurationCheck(settings.judging(all, false), all, false).run().stream()
        .filter(problem -> problem.file().equals(file.path())).toList();
  }

  private List<Problem> run() {
    files.forEach(file -> problems.addAll(file.problems()));
    boolean sound = true;
    for (Name name : Name.values()) {
      if (!Name.OF_CONTEXTS.contains(name)) {
        sound &= holds(name, () -> settings.value(name));
      }
    }
    holds(Name.CONTEXT, () -> settings.value(Name.URL));
    if (sound) {
      Listener.faults(settings).forEach(fault -> problems.add(settings.place(fault.name(), fault.text())));
    }
    String chosen = settings.value(Name.CONTEXT);
    for (ConfigurationFile file : files) {
      namedFiles(file, file.settings());
      file.contexts().forEach((name, context) -> {
        if (inEffect || name.equals(chosen)) {
          namedFiles(file, context.settings());
        }
      });
    }
    return List.copyOf(problems);
  }

  /** Something that may be refused. */
  private boolean holds(Name name, Runnable use) {
    Optional<String> why = refusal(use);
    why.ifPresent(text -> problems.add(settings.place(name, text)));
    return why.isEmpty();
  }

  private static Optional<String> refusal(Runnable use) {
    try {
      use.run();
      return Optional.empty();
    } catch (Refusal refusal) {
      return Optional.of(refusal.note());
    }
  }

  private void namedFiles(ConfigurationFile file, Map<Name, Entry> said) {
    named(file, said.get(Name.KEY_FILE), KeyLookup::read);
    named(file, said.get(Name.CA_FILE), Trust::of);
  }

  /** How a command reads a file that a setting names. */
  @FunctionalInterface
  private interface Use {
    @Nullable
    Object read(Path file);
  }

  private void named(ConfigurationFile file, @Nullable Entry entry, Use use) {
    if (entry != null) {
      refusal(() -> use.read(Path.of(entry.text())))
          .ifPresent(text -> problems.add(new Problem(file.path(), entry.line(), text)));
    }
  }
}
