package dev.holdfast.cli;

import dev.holdfast.cli.access.KeyLookup;
import dev.holdfast.cli.access.configuration.ConfigurationFile;
import dev.holdfast.cli.access.configuration.Form;
import dev.holdfast.cli.access.configuration.Origins;
import dev.holdfast.cli.access.configuration.Places;
import dev.holdfast.cli.access.configuration.StoredBackend;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The effective settings of one command, each with where it comes from: flag, environment, the project's, the user's and the
 * machine's file, default (spec A-103).
 */
public final class Settings {

  /** What can be set: its name in a file, from which those of its flag and its variable follow. */
  public enum Name {
    CONTEXT("context", Form.TEXT, null),
    URL("url", Form.ADDRESS, "http://127.0.0.1:7400"),
    KEY_FILE("key_file", Form.FILE, null),
    CA_FILE("ca_file", Form.FILE, null),
    OUTPUT("output", Form.OUTPUT, "table"),
    TIMEOUT("timeout", Form.PATIENCE, "30"),
    DATA("data", Form.FILE, null),
    STORE("store", Form.BACKEND, "sqlite"),
    HOST("host", Form.TEXT, "127.0.0.1"),
    PORT("port", Form.PORT, "7400"),
    TLS_CERT("tls_cert", Form.FILE, null),
    TLS_KEY("tls_key", Form.FILE, null),
    BEHIND_PROXY("behind_proxy", Form.SWITCH, "false"),
    PROXY_ADDRESSES("proxy_addresses", Form.WORDS, null),
    PUBLIC_HOSTS("public_hosts", Form.WORDS, null),
    GRACE("grace", Form.SECONDS, "30"),
    REQUESTS_PER_MINUTE("limits.requests_per_minute", Form.COUNT, "600"),
    STREAMS_PER_KEY("limits.streams_per_key", Form.COUNT, "64"),
    STREAMS("limits.streams", Form.COUNT, "12000"),
    CONNECTIONS_PER_ADDRESS("limits.connections_per_address", Form.COUNT, "256"),
    CONNECTIONS("limits.connections", Form.COUNT, "20000");

    /** What a context says of its node. */
    public static final Set<Name> OF_CONTEXTS = EnumSet.of(URL, KEY_FILE, CA_FILE);
    private static final Set<Name> OF_PROJECTS = EnumSet.of(CONTEXT, OUTPUT, TIMEOUT);

    private final String text;
    private final Form form;
    private final @Nullable String usual;

    Name(String text, Form form, @Nullable String usual) {
      this.text = text;
      this.form = form;
      this.usual = usual;
    }

    /** @return null when there is none of this name */
    public static @Nullable Name of(String text) {
      return Arrays.stream(values()).filter(name -> name.text.equals(text)).findFirst().orElse(null);
    }

    public static List<String> texts() {
      return Arrays.stream(values()).map(Name::text).toList();
    }

    /** The names of a file's sections, in which settings stand together. */
    public static Set<String> groups() {
      return texts().stream().filter(text -> text.contains(".")).map(text -> text.substring(0, text.indexOf('.')))
          .collect(Collectors.toSet());
    }

    static boolean isVariable(String variable) {
      return Arrays.stream(values()).anyMatch(name -> name.variable().equals(variable));
    }

    public String text() {
      return text;
    }

    public Form form() {
      return form;
    }

    /** Whether a project may say it: nothing that leads a key or data anywhere. */
    public boolean isOfProjects() {
      return OF_PROJECTS.contains(this);
    }

    public String flag() {
      return switch (this) {
        case PUBLIC_HOSTS -> "--public-host";
        case PROXY_ADDRESSES -> "--proxy-address";
        default -> "--" + text.replace('_', '-');
      };
    }

    public String variable() {
      return "HOLDFAST_" + text.replace('.', '_').toUpperCase(Locale.ROOT);
    }
  }

  /** @param value null when nothing sets it */
  public record Setting(String name, @Nullable String value, String origin) {}

  private static final String USUAL = "default";
  private static final Pattern SECRET = Pattern.compile("KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL");
  private static final Pattern USER = Pattern.compile("//[^/@]*@");

  private final Map<String, String> environment;
  private final Origins origins;

  Settings(Map<String, String> environment, Places places) {
    this(environment, new Origins(environment, places));
  }

  private Settings(Map<String, String> environment, Origins origins) {
    this.environment = environment;
    this.origins = origins;
  }

  /** @param value what the flag says, or null when it isn't there */
  public Settings flag(Name name, @Nullable Object value) {
    if (value != null) {
      if (value.toString().isBlank()) {
        throw Refusal.of(Reason.INVALID_REQUEST, name.flag() + " is empty");
      }
      origins.flag(name, value.toString());
    }
    return this;
  }

  public @Nullable String value(Name name) {
    return get(name).value();
  }

  public String required(Name name) {
    return Objects.requireNonNull(value(name));
  }

  /** The words of a setting that is a list; empty when nothing sets it. */
  public List<String> words(Name name) {
    String value = value(name);
    return value == null ? List.of() : List.of(value.split(" *, *"));
  }

  public boolean isOn(Name name) {
    return required(name).equals("true");
  }

  public int number(Name name) {
    return Integer.parseInt(required(name));
  }

  /** @return the backend's name: what is set, else what the data directory holds, else the usual one */
  public String store() {
    String usual = required(Name.STORE);
    return isExplicit(Name.STORE) ? usual : StoredBackend.of(Path.of(required(Name.DATA))).orElse(usual);
  }

  /** Whether anything says it, rather than the default. */
  public boolean isExplicit(Name name) {
    return !get(name).origin().equals(USUAL);
  }

  /** The profiles of all files by name: the nearest file that has one of a name says all of it. */
  public Json profiles() {
    var profiles = new TreeMap<String, @Nullable Object>();
    origins.files()
        .forEach(file -> file.profiles().forEach((name, profile) -> profiles.putIfAbsent(name, profile.json())));
    return Json.of(profiles);
  }

  /** What there is to check: the files in effect, or one that isn't. Problems are told, not refused. */
  public List<ConfigurationFile> files(@Nullable Path file) {
    List<ConfigurationFile> found = origins.found();
    return file == null ? found : List.of(origins.read(file));
  }

  /** As if these were the files, problems and all. {@code inEffect} says whether flags and variables count. */
  public Settings judging(List<ConfigurationFile> files, boolean inEffect) {
    return new Settings(environment, origins.of(files, inEffect));
  }

  /** A problem with the place where the setting is said. */
  public ConfigurationFile.Problem place(Name name, String problem) {
    return origins.place(name, problem);
  }

  /** Why the key of the context that was chosen isn't used, or null. */
  public @Nullable String unusedKey() {
    return origins.unusedKey();
  }

  /** Whether the context was chosen for this command, so that no other key than its own is meant. */
  public boolean isContextOfCommand() {
    return origins.isContextOfCommand();
  }

  /** Whether this command's own flag says it. */
  public boolean isFlag(Name name) {
    return get(name).origin().equals(name.flag());
  }

  private Setting get(Name name) {
    Setting said = origins.find(name);
    return said != null ? said : new Setting(name.text, name == Name.DATA ? dataFolder() : name.usual, USUAL);
  }

  private String dataFolder() {
    String xdg = environment.get("XDG_DATA_HOME");
    // The XDG specification wants a relative path to be ignored.
    return (xdg != null && xdg.startsWith("/") ? xdg : environment.getOrDefault("HOME", ".") + "/.local/share")
        + "/holdfast";
  }

  /** All settings, the contexts and profiles, then the other variables that a node reads; secrets are not shown. */
  public List<Setting> all() {
    List<Setting> all = new ArrayList<>();
    for (Name name : Name.values()) {
      Setting setting = name == Name.KEY_FILE ? keyFile() : get(name);
      all.add(new Setting(
          setting.name(), setting.value() == null ? null : shown(name.text, setting.value()), setting.origin()));
    }
    Map<String, Setting> named = new TreeMap<>();
    for (ConfigurationFile file : origins.files()) {
      file.contexts().forEach((name, context) -> named.putIfAbsent("contexts." + name,
          new Setting("contexts." + name, shown("url", context.text(Name.URL)), file.at(context.line()))));
      file.profiles().forEach((name, profile) -> named.putIfAbsent("profiles." + name, new Setting("profiles." + name,
          String.join(",", profile.json().members().keySet()), file.at(profile.line()))));
    }
    all.addAll(named.values());
    new TreeMap<>(environment).forEach((variable, value) -> {
      if (variable.startsWith("HOLDFAST_") && !Name.isVariable(variable)) {
        all.add(new Setting(variable, shown(variable, value), variable));
      }
    });
    return all;
  }

  /** Where nothing names a key file, what a command takes instead. */
  private Setting keyFile() {
    Setting said = get(Name.KEY_FILE);
    return said.value() == null && KeyLookup.isLoopback(required(Name.URL))
        ? new Setting(said.name(), KeyLookup.adminKeyFile(this).toString(), USUAL)
        : said;
  }

  /** A value as it may be printed. */
  public static String shown(String name, String value) {
    boolean secret = SECRET.matcher(name).find() && !name.endsWith("_FILE");
    return secret ? "***" : USER.matcher(value).replaceAll("//***@");
  }
}
