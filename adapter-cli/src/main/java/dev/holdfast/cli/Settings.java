package dev.holdfast.cli;

import dev.holdfast.domain.Reason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The effective settings of one command, each with where it comes from: flag, environment, default (spec A-103). */
public final class Settings {

  /** What can be set. */
  public enum Name {
    URL("url", "--url", "HOLDFAST_URL"),
    KEY_FILE("key_file", "--key-file", "HOLDFAST_KEY_FILE"),
    DATA("data", "--data", "HOLDFAST_DATA"),
    STORE("store", "--store", "HOLDFAST_STORE"),
    HOST("host", "--host", "HOLDFAST_HOST"),
    PORT("port", "--port", "HOLDFAST_PORT"),
    OUTPUT("output", "--output", "HOLDFAST_OUTPUT"),
    TIMEOUT("timeout", "--timeout", "HOLDFAST_TIMEOUT");

    private final String text;
    private final String flag;
    private final String variable;

    Name(String text, String flag, String variable) {
      this.text = text;
      this.flag = flag;
      this.variable = variable;
    }
  }

  /** @param value null when nothing sets it */
  public record Setting(String name, @Nullable String value, String origin) {}

  private static final Set<String> STORES = Set.of("sqlite", "memory");
  private static final Pattern SECRET = Pattern.compile("KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL");
  private static final Pattern USER = Pattern.compile("//[^/@]*@");

  private final Map<String, String> environment;
  private final Map<Name, String> flags = new EnumMap<>(Name.class);

  Settings(Map<String, String> environment) {
    this.environment = environment;
  }

  /** @param value what the flag says, or null when it isn't there */
  public Settings flag(Name name, @Nullable Object value) {
    if (value != null) {
      if (value.toString().isBlank()) {
        throw Refusal.of(Reason.INVALID_REQUEST, name.flag + " is empty");
      }
      flags.put(name, value.toString());
    }
    return this;
  }

  public @Nullable String value(Name name) {
    return get(name).value();
  }

  public String required(Name name) {
    return Objects.requireNonNull(value(name));
  }

  /** @return the backend's name, which is also the name of the environment that brings it */
  public String store() {
    String store = required(Name.STORE);
    if (!STORES.contains(store)) {
      throw Refusal.of(Reason.INVALID_REQUEST, "the store is sqlite or memory, not " + store);
    }
    return store;
  }

  /** Whether a flag or variable says it, rather than the default. */
  public boolean isExplicit(Name name) {
    return flags.containsKey(name) || variable(name) != null;
  }

  private @Nullable String variable(Name name) {
    String value = environment.get(name.variable);
    return value == null || value.isEmpty() ? null : value;
  }

  private Setting get(Name name) {
    String flag = flags.get(name);
    if (flag != null) {
      return new Setting(name.text, flag, name.flag);
    }
    String variable = variable(name);
    return variable != null
        ? new Setting(name.text, variable, name.variable)
        : new Setting(name.text, usual(name), "default");
  }

  private @Nullable String usual(Name name) {
    return switch (name) {
      case URL -> "http://127.0.0.1:7400";
      case KEY_FILE -> null;
      case DATA -> dataFolder();
      case STORE -> "sqlite";
      case HOST -> "127.0.0.1";
      case PORT -> "7400";
      case OUTPUT -> "table";
      case TIMEOUT -> "30";
    };
  }

  private String dataFolder() {
    String xdg = environment.get("XDG_DATA_HOME");
    // The XDG specification wants a relative path to be ignored.
    return (xdg != null && xdg.startsWith("/") ? xdg : environment.getOrDefault("HOME", ".") + "/.local/share")
        + "/holdfast";
  }

  /** All settings, then the other variables that a node reads; secrets are not shown. */
  public List<Setting> all() {
    List<Setting> all = new ArrayList<>();
    for (Name name : Name.values()) {
      Setting setting = get(name);
      all.add(new Setting(
          setting.name(), setting.value() == null ? null : shown(name.text, setting.value()), setting.origin()));
    }
    new TreeMap<>(environment).forEach((variable, value) -> {
      if (variable.startsWith("HOLDFAST_") && all.stream().noneMatch(s -> s.origin().equals(variable))
          && !isKnown(variable)) {
        all.add(new Setting(variable, shown(variable, value), variable));
      }
    });
    return all;
  }

  private static boolean isKnown(String variable) {
    for (Name name : Name.values()) {
      if (name.variable.equals(variable)) {
        return true;
      }
    }
    return false;
  }

  private static String shown(String name, String value) {
    boolean secret = SECRET.matcher(name).find() && !name.endsWith("_FILE");
    return secret ? "***" : USER.matcher(value).replaceAll("//***@");
  }
}
