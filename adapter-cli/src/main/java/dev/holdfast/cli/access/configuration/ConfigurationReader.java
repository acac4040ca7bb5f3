package dev.holdfast.cli.access.configuration;

import dev.holdfast.cli.Settings;
import dev.holdfast.domain.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file whole, and finds everything that is wrong in it rather than the first thing. */
public final class ConfigurationReader {
  private static final String CONTEXTS = "contexts";
  private static final String PROFILES = "profiles";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final String A_NAME = "small letters, digits, '.', '_' and '-', at most 64";
  private static final Set<String> PROFILE_MEMBERS = Set.of("instructions", "model", "options");
  private static final int MAX_INSTRUCTIONS = 64 * 1024;

  private final Path path;
  private final ConfigurationFile.Kind kind;
  private final Map<String, String> environment;
  private final Map<Settings.Name, ConfigurationFile.Entry> settings = new EnumMap<>(Settings.Name.class);
  private final Map<String, ConfigurationFile.Context> contexts = new TreeMap<>();
  private final Map<String, ConfigurationFile.Profile> profiles = new TreeMap<>();
  private final List<ConfigurationFile.Problem> problems = new ArrayList<>();

  private ConfigurationReader(Path path, ConfigurationFile.Kind kind, Map<String, String> environment) {
    this.path = path;
    this.kind = kind;
    this.environment = environment;
  }

  /** @param environment for what {@code ~/} means */
  public static ConfigurationFile read(Path path, ConfigurationFile.Kind kind, Map<String, String> environment) {
    var reader = new ConfigurationReader(path, kind, environment);
    reader.read();
    return new ConfigurationFile(path, kind, reader.settings, reader.contexts, reader.profiles, reader.problems);
  }

  private void read() {
    try {
      if (Files.size(path) > Yaml.MAX_CHARACTERS) {
        problem(0, "the file is larger than " + Yaml.MAX_CHARACTERS + " bytes");
        return;
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path))).toString();
      Located document = Yaml.read(text);
      if (document instanceof Located.Members members) {
        members.members().forEach(this::section);
      } else {
        problem(document.line(), "a configuration is made of lines such as \"output: wide\"");
      }
    } catch (CharacterCodingException e) {
      problem(0, "the file is not in UTF-8");
    } catch (IOException e) {
      problem(0, "the file can't be read");
    } catch (Yaml.Misread e) {
      problem(e.line(), e.problem());
    }
  }

  private void problem(int line, String text) {
    problems.add(new ConfigurationFile.Problem(path, line, text));
  }

  private void section(String name, Located.Member member) {
    switch (name) {
      case CONTEXTS -> contexts(member);
      case PROFILES -> profiles(member);
      default -> {
        if (Settings.Name.groups().contains(name)) {
          for (var one : membersOf(name, member.value()).entrySet()) {
            setting(name + "." + one.getKey(), one.getValue());
          }
        } else {
          setting(name, member);
        }
      }
    }
  }

  private void setting(String text, Located.Member member) {
    Settings.Name name = Settings.Name.of(text);
    if (name == null) {
      Set<String> known = new TreeSet<>(Settings.Name.texts());
      known.addAll(Set.of(CONTEXTS, PROFILES));
      unknown("there is no setting " + text, text, member.line(), known);
    } else if (kind == ConfigurationFile.Kind.PROJECT && !name.isOfProjects()) {
      notOfProjects(text, member.line());
    } else {
      ConfigurationFile.Entry entry = entry(name, member);
      if (entry != null) {
        settings.put(name, entry);
      }
    }
  }

  private void notOfProjects(String name, int line) {
    problem(line,
        "a project's file may not set " + name + ", because whoever wrote the project could send your key or data"
            + " elsewhere; set it in ~/.config/holdfast/config.yaml, and name a context from there here");
  }

  private void unknown(String what, String text, int line, Collection<String> known) {
    problem(line, what + Nearest.to(text, known).map(near -> "; did you mean " + near + "?").orElse(""));
  }

  private ConfigurationFile.@Nullable Entry entry(Settings.Name name, Located.Member member) {
    String text = name.form().text(member.value());
    if (text == null || !name.form().suits(text)) {
      problem(member.line(), name.text() + " is " + name.form().wantedInFile());
      return null;
    }
    return new ConfigurationFile.Entry(name.form() == Form.FILE ? resolved(text) : text, member.line());
  }

  private String resolved(String text) {
    if (text.startsWith("~/")) {
      return environment.getOrDefault("HOME", "") + text.substring(1);
    }
    return path.toAbsolutePath().resolveSibling(text).toString();
  }

  private Map<String, Located.Member> membersOf(String name, Located value) {
    if (value instanceof Located.Members members) {
      return members.members();
    }
    problem(value.line(), name + " has members of its own, one a line");
    return Map.of();
  }

  private void contexts(Located.Member section) {
    if (kind == ConfigurationFile.Kind.PROJECT) {
      notOfProjects(CONTEXTS, section.line());
      return;
    }
    membersOf(CONTEXTS, section.value()).forEach((name, member) -> {
      if (!NAME.matcher(name).matches()) {
        problem(member.line(), "a context's name is " + A_NAME);
      }
      Map<Settings.Name, ConfigurationFile.Entry> entries = new EnumMap<>(Settings.Name.class);
      membersOf(name, member.value()).forEach((text, value) -> {
        Settings.Name setting = Settings.Name.of(text);
        if (setting == null || !Settings.Name.OF_CONTEXTS.contains(setting)) {
          unknown("a context has no " + text, text, value.line(),
              Settings.Name.OF_CONTEXTS.stream().map(Settings.Name::text).toList());
          return;
        }
        ConfigurationFile.Entry entry = entry(setting, value);
        if (entry != null) {
          entries.put(setting, entry);
        }
      });
      if (!entries.containsKey(Settings.Name.URL) && member.value() instanceof Located.Members all
          && !all.members().containsKey(Settings.Name.URL.text())) {
        problem(member.line(), "the context " + name + " has no url");
      }
      contexts.put(name, new ConfigurationFile.Context(member.line(), entries));
    });
  }

  private void profiles(Located.Member section) {
    membersOf(PROFILES, section.value()).forEach((name, member) -> {
      if (!NAME.matcher(name).matches()) {
        problem(member.line(), "a profile's name is " + A_NAME);
      }
      Map<String, @Nullable Object> said = new LinkedHashMap<>();
      membersOf(name, member.value()).forEach((text, value) -> {
        if (!PROFILE_MEMBERS.contains(text)) {
          unknown("a profile has no " + text, text, value.line(), PROFILE_MEMBERS);
        } else if (isProfile(text, value)) {
          said.put(text, value.value().value());
        }
      });
      profiles.put(name, new ConfigurationFile.Profile(member.line(), Json.of(said)));
    });
  }

  private boolean isProfile(String member, Located.Member value) {
    Object said = value.value().value();
    String problem = switch (member) {
      case "options" -> said instanceof Map ? null : "options have members of their own, one a line";
      case "model" -> said instanceof String text && Form.TEXT.suits(text) ? null : "model is " + Form.TEXT.wanted();
      default -> said instanceof String text && text.getBytes(StandardCharsets.UTF_8).length <= MAX_INSTRUCTIONS
          ? null
          : "instructions are a text of at most " + MAX_INSTRUCTIONS + " bytes";
    };
    if (problem != null) {
      problem(value.line(), problem);
    }
    return problem == null;
  }
}
