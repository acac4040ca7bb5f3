package dev.holdfast.domain.workers.profiles;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The profiles of a node's configuration, by name. They change at a restart only. */
public final class Profiles {
  public static final Profiles NONE = new Profiles(Map.of());

  /** What a worker that selects nothing gets, where it is configured. */
  public static final String DEFAULT_NAME = "default";

  private static final int MAX_PROFILES = 1_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Map<String, Profile> byName;

  private Profiles(Map<String, Profile> byName) {
    this.byName = Map.copyOf(byName);
  }

  /**
   * @param json an object of names, each with {@code instructions}, {@code model} and {@code options} or some of them
   * @throws JsonMembers.Mismatch with the path of what isn't such
   */
  public static Profiles read(Json json) {
    JsonMembers members = JsonMembers.of(json);
    Map<String, Profile> found = new TreeMap<>();
    for (String name : json.members().keySet()) {
      JsonMembers profile = NAME.matcher(name).matches() && found.size() < MAX_PROFILES
          ? members.optionalObject(name)
          : null;
      // Whatever is no profile is left among the members, and refused as such.
      if (profile != null) {
        found.put(name, readOne(profile));
      }
    }
    members.end();
    return new Profiles(found);
  }

  private static Profile readOne(JsonMembers members) {
    String instructions = members.optionalText("instructions");
    String model = members.optionalText("model");
    Json options = members.optionalJsonObject("options");
    members.end();
    try {
      return new Profile(instructions, model, Objects.requireNonNullElse(options, Json.EMPTY_OBJECT));
    } catch (IllegalArgumentException e) {
      throw members.wrong(String.valueOf(e.getMessage()));
    }
  }

  /** Whether there is what is selected; what isn't there is replaced by the runtime's default. */
  public boolean has(ProfileSelector selector) {
    return switch (selector) {
      case ProfileSelector.RuntimeDefault() -> true;
      case ProfileSelector.Builtin builtin -> builtin.equals(ProfileSelector.RESPONSES);
      case ProfileSelector.Named(String name) -> byName.containsKey(name);
    };
  }

  /** What is selected, else the runtime's default. */
  public Profile resolve(ProfileSelector selector) {
    Profile usual = byName.getOrDefault(DEFAULT_NAME, Profile.NONE);
    return switch (selector) {
      case ProfileSelector.RuntimeDefault() -> usual;
      case ProfileSelector.Builtin builtin -> builtin.equals(ProfileSelector.RESPONSES) ? Profile.NONE : usual;
      case ProfileSelector.Named(String name) -> byName.getOrDefault(name, usual);
    };
  }
}
