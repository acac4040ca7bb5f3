package dev.holdfast.cli.access;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Verb;
import dev.holdfast.domain.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keys. */
@Command(
    name = "key",
    description = "Make keys for people and machines, look at them, end them.",
    subcommands = {
      KeyCreateCommand.class, KeyCommand.Listed.class, KeyCommand.Show.class, KeyCommand.Rotate.class,
      KeyCommand.Revoke.class, KeyCommand.Remove.class, KeyRecoverCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast key create --role consumer --subject ann --label \"Ann's laptop\"",
      "  holdfast key list",
      "  holdfast key revoke 0123456789abcdef --note \"the laptop was lost\"",
      "",
      "Roles: admin, operator, consumer, executor, publisher, observer; docs/spec/access.md tells what each may do."})
public final class KeyCommand {
  private static final String KEYS = "/api/v1/keys/";

  private static String path(String key) {
    return KEYS + Client.encoded(key);
  }

  /** A key as a person knows it. */
  private static String named(Json key) {
    return Verb.text(key, "key_id") + " (" + Verb.text(key, "label") + ", subject " + Verb.text(key, "subject") + ")";
  }

  /** All of them. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The keys, without what makes them work. Who isn't an admin sees the own one.",
      footer = {"", "Examples:", "  holdfast key list", "  holdfast key ls -o wide"})
  static final class Listed extends NodeVerb {
    private static final int MOST = 10_000;
    private static final List<Column> COLUMNS = List.of(Column.of("KEY", "key_id"), Column.of("ROLE", "role"),
        Column.of("SUBJECT", "subject"), Column.of("STATUS", "status"), Column.of("LAST USED", "last_used_at"),
        Column.of("EXPIRES", "expires_at"), Column.wide("CONTENT", "content"), Column.wide("MODELS", "models"),
        Column.wide("IN FLIGHT", "limits.max_in_flight"), Column.wide("PER MINUTE", "limits.requests_per_minute"),
        Column.wide("CREATED", "created_at"), Column.wide("CREATED BY", "created_by"),
        Column.wide("VERSION", "version"), Column.of("LABEL", "label"));

    @Override
    public Integer call() {
      output().list(items("/api/v1/keys", MOST), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** One of them. */
  @Command(
      name = "show",
      description = "One key; your own when none is named.",
      footer = {"", "Examples:", "  holdfast key show", "  holdfast key show 0123456789abcdef -o json"})
  static final class Show extends NodeVerb {
    @Parameters(paramLabel = "KEY", arity = "0..1", description = "The key's id.")
    @Nullable
    String key;

    @Override
    public Integer call() {
      String id = key == null ? Objects.requireNonNull(text(client().object("/api/v1/whoami"), "key_id")) : key;
      output().one(client().object(path(id)), MakingKey.FACTS);
      return ExitCode.OK;
    }
  }

  /** Another in its place. */
  @Command(
      name = "rotate",
      description = {
        "Put a new key with the same role, subject and limits in the place of one. The old one ends at once, or works on for"
            + " the overlap."},
      footer = {
        "", "Examples:",
        "  holdfast key rotate 0123456789abcdef",
        "  holdfast key rotate 0123456789abcdef --overlap 1d --out new.key"})
  static final class Rotate extends MakingKey {
    @Parameters(paramLabel = "KEY", description = "The key's id.")
    String key = "";

    @Option(names = "--overlap", paramLabel = "TIME",
        description = "How long the old one works on: 90s, 15m, 12h, 7d; at most 30d. Default: not at all.")
    @Nullable
    String overlap;

    @Override
    public Integer call() {
      long seconds = overlap == null ? 0 : KeyTimes.duration(overlap).toSeconds();
      Json old = client().object(path(key));
      String label = Objects.requireNonNullElse(text(old, "label"), "");
      boolean own = key.equals(text(client().object("/api/v1/whoami"), "key_id"));
      make(label, () -> client().post(path(key) + "/rotate", Json.object("overlap_s", seconds)));
      screen().talk("it replaces " + named(old) + ", which " + (seconds == 0 ? "works no longer" : "works on until "
          + text(client().object(path(key)), "expires_at")));
      if (own) {
        screen().note("this was the key that you speak with; from now on name the new one with --key-file");
      }
      return ExitCode.OK;
    }
  }

  /** The end of one. */
  @Command(
      name = "revoke",
      description = "End a key for ever, and its open streams with it.",
      footer = {
        "", "Examples:",
        "  holdfast key revoke 0123456789abcdef --note \"the laptop was lost\"",
        "  holdfast key revoke 0123456789abcdef --yes"})
  static final class Revoke extends NodeVerb {
    @Parameters(paramLabel = "KEY", description = "The key's id.")
    String key = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "Why; it is kept with the event.")
    @Nullable
    String note;

    @Override
    public Integer call() {
      Json asked = client().object(path(key));
      boolean own = key.equals(text(client().object("/api/v1/whoami"), "key_id"));
      if (!isConfirmed("revoke " + named(asked) + (own ? ", the key that you speak with" : "") + "?")) {
        return ExitCode.FAILED;
      }
      output().one(client().post(path(key) + "/revoke", Json.object("note", note)), MakingKey.FACTS);
      screen().talk(key + " is revoked");
      return ExitCode.OK;
    }
  }

  /** One row less. */
  @Command(
      name = "rm",
      aliases = "remove",
      description = "Remove a key that is revoked or has expired from the list. The audit keeps its id.",
      footer = {"", "Examples:", "  holdfast key rm 0123456789abcdef"})
  static final class Remove extends NodeVerb {
    @Parameters(paramLabel = "KEY", description = "The key's id.")
    String key = "";

    @Override
    public Integer call() {
      Json removed = client().object(path(key));
      if (!isConfirmed("remove " + named(removed) + "?")) {
        return ExitCode.FAILED;
      }
      client().delete(path(key));
      output().one(removed, MakingKey.FACTS);
      screen().talk(key + " is removed");
      return ExitCode.OK;
    }
  }
}
