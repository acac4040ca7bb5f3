package dev.holdfast.cli.access.configuration;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Settings.Name;
import dev.holdfast.cli.Settings.Setting;
import dev.holdfast.domain.Reason;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from, in layers: flags, variables, then the files. A context speaks for its node right behind the layer that
 * names it; its key, which is never for another address, behind the variables at the earliest (spec A-104).
 */
public final class Origins {
  private static final int FLAGS = 0;
  private static final int VARIABLES = 1;
  private static final int FILES = 2;
  private static final int SHOWN_PROBLEMS = 5;

  private final Map<String, String> environment;
  private final Places places;
  private final Map<Name, String> flags = new EnumMap<>(Name.class);
  private @Nullable List<ConfigurationFile> files;

  public Origins(Map<String, String> environment, Places places) {
    this.environment = environment;
    this.places = places;
  }

  public void flag(Name name, String value) {
    flags.put(name, value);
  }

  /** Every file that is there. From now on those that have problems say nothing, and aren't refused. */
  public List<ConfigurationFile> found() {
    List<ConfigurationFile> found = places.read(environment);
    files = found.stream().filter(file -> file.problems().isEmpty()).toList();
    return found;
  }

  /** A file that is in no place of its own; one of a project by its name. */
  public ConfigurationFile read(Path file) {
    Path name = file.getFileName();
    boolean project = name != null && name.toString().equals(Places.PROJECT_FILE);
    return ConfigurationReader.read(
        file, project ? ConfigurationFile.Kind.PROJECT : ConfigurationFile.Kind.USER, environment);
  }

  /** What these files would say if they had no problems; where it isn't of the files in effect, by themselves. */
  public Origins of(List<ConfigurationFile> judged, boolean inEffect) {
    var origins = new Origins(inEffect ? environment : Map.of(), places);
    if (inEffect) {
      origins.flags.putAll(flags);
    }
    origins.files = judged;
    return origins;
  }

  /** A problem with the place where the setting is said; a flag's or a variable's is its own name. */
  public ConfigurationFile.Problem place(Name name, String problem) {
    boolean isVariable = !environment.getOrDefault(name.variable(), "").isEmpty();
    if (flags.containsKey(name) || isVariable) {
      return new ConfigurationFile.Problem(
          Path.of(flags.containsKey(name) ? name.flag() : name.variable()), 0, problem);
    }
    for (ConfigurationFile file : files()) {
      ConfigurationFile.Entry entry = file.settings().get(name);
      if (entry != null) {
        return new ConfigurationFile.Problem(file.path(), entry.line(), problem);
      }
    }
    return new ConfigurationFile.Problem(Path.of(name.text()), 0, problem);
  }

  /** @throws Refusal when one of the files has a problem */
  public List<ConfigurationFile> files() {
    if (files == null) {
      List<ConfigurationFile> found = places.read(environment);
      List<ConfigurationFile.Problem> problems = found.stream().flatMap(file -> file.problems().stream()).toList();
      if (!problems.isEmpty()) {
        throw Refusal.of(Reason.INVALID_REQUEST, problems.stream().limit(SHOWN_PROBLEMS)
            .map(ConfigurationFile.Problem::toString).collect(Collectors.joining("\n  ")))
            .next("holdfast config check, once that is mended");
      }
      files = found;
    }
    return files;
  }

  /**
   * @return null when nothing says it
   * @throws Refusal when what is said isn't of the setting's form
   */
  public @Nullable Setting find(Name name) {
    Chosen chosen = Name.OF_CONTEXTS.contains(name) ? chosen() : null;
    int turn = chosen == null ? -1 : name == Name.KEY_FILE ? Math.max(chosen.layer, VARIABLES) : chosen.layer;
    for (int layer = FLAGS; layer < FILES || layer - FILES < files().size(); layer++) {
      Setting said = said(layer, name);
      if (said == null && layer == turn && chosen != null) {
        said = said(chosen, name);
      }
      if (said != null) {
        return said;
      }
    }
    return null;
  }

  private @Nullable Setting said(int layer, Name name) {
    if (layer >= FILES) {
      ConfigurationFile file = files().get(layer - FILES);
      ConfigurationFile.Entry entry = file.settings().get(name);
      return entry == null ? null : new Setting(name.text(), entry.text(), file.at(entry.line()));
    }
    String text = layer == FLAGS ? flags.get(name) : environment.get(name.variable());
    if (text == null || text.isEmpty()) {
      return null;
    }
    String origin = layer == FLAGS ? name.flag() : name.variable();
    if (!name.form().suits(text)) {
      throw Refusal.of(Reason.INVALID_REQUEST, origin + " is " + name.form().wanted() + ", not "
          + Settings.shown(name.text(), text));
    }
    return new Setting(name.text(), text, origin);
  }

  /** @param layer that names it */
  private record Chosen(String name, int layer, ConfigurationFile file, ConfigurationFile.Context context) {
    private String url() {
      return context.text(Name.URL);
    }
  }

  private @Nullable Chosen chosen() {
    for (int layer = FLAGS; layer < FILES || layer - FILES < files().size(); layer++) {
      Setting named = said(layer, Name.CONTEXT);
      if (named != null) {
        return chosen(String.valueOf(named.value()), layer, named.origin());
      }
    }
    return null;
  }

  private Chosen chosen(String name, int layer, String origin) {
    for (ConfigurationFile file : files()) {
      ConfigurationFile.Context context = file.contexts().get(name);
      if (context != null) {
        return new Chosen(name, layer, file, context);
      }
    }
    TreeSet<String> known = new TreeSet<>();
    files().forEach(file -> known.addAll(file.contexts().keySet()));
    throw Refusal.of(Reason.INVALID_REQUEST, "there is no context " + name + ", which " + origin + " names; "
        + (known.isEmpty() ? "no configuration file has any" : "there are: " + String.join(", ", known)))
        .next("holdfast config show --origin, once there is one");
  }

  private @Nullable Setting said(Chosen chosen, Name name) {
    ConfigurationFile.Entry entry = chosen.context.settings().get(name);
    return entry == null || (name != Name.URL && !isCalled(chosen))
        ? null
        : new Setting(name.text(), entry.text(), chosen.file.at(entry.line()) + " (context " + chosen.name + ")");
  }

  private boolean isCalled(Chosen chosen) {
    Setting url = find(Name.URL);
    return url != null && plain(String.valueOf(url.value())).equals(plain(chosen.url()));
  }

  private static String plain(String url) {
    return url.replaceAll("/+$", "").toLowerCase(Locale.ROOT);
  }

  /** Whether the context was chosen for this command, by a flag or a variable, rather than by a file for all of them. */
  public boolean isContextOfCommand() {
    Chosen chosen = chosen();
    return chosen != null && chosen.layer < FILES;
  }

  /** Why the key of the context that was chosen isn't used, or null. */
  public @Nullable String unusedKey() {
    Chosen chosen = chosen();
    if (chosen == null || !chosen.context.settings().containsKey(Name.KEY_FILE) || isCalled(chosen)
        || said(FLAGS, Name.KEY_FILE) != null || said(VARIABLES, Name.KEY_FILE) != null) {
      return null;
    }
    return "the key of the context " + chosen.name + " is for " + chosen.url() + " alone, so it isn't sent elsewhere";
  }
}
